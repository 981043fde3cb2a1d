#!/usr/bin/env bash
# What surprised
#   `pkcs11-tool --decrypt` of a ciphertext that belongs to another key says that "C_DecryptUpdate"
#   is "not supported". The token does support what was asked. The tool tries C_Decrypt, is refused,
#   tries again in pieces, which no RSA mechanism allows, and reports the second refusal only.
#
# Seen on 2026-11-29 with OpenSC 0.23.0 and SoftHSM 2.6.1 of Debian 12.
#
# Why it matters to pasby flows
#   It is the tool at hand to check whether an app's key that lives in a token opens a claim at all.
#   The message sends people to the token's vendor, when all that is wrong is the key.
#
# How flowseal deals with it
#   A refusal says that the claims do not open under the keys given, and never which function failed
#   on the way.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
lacking() { echo "could not run: $1"; exit 77; }

command -v openssl >/dev/null || lacking "openssl"
command -v apt-get >/dev/null || lacking "apt-get, of Debian 12"
apt-get download --quiet=2 --option APT::Sandbox::User=root \
    softhsm2=2.6.1-2.1 \
    libsofthsm2=2.6.1-2.1 \
    opensc=0.23.0-0.3+deb12u2 \
    opensc-pkcs11=0.23.0-0.3+deb12u2 ||
    lacking "softhsm2 2.6.1-2.1 or what it needs, of Debian 12 (after apt-get update)"
for package in *.deb; do dpkg -x "$package" debian; done

mkdir tokens
echo "directories.tokendir = $work/tokens" >softhsm2.conf
export SOFTHSM2_CONF=$work/softhsm2.conf
LD_LIBRARY_PATH=$(echo "$work"/debian/usr/lib/*-linux-gnu)
export LD_LIBRARY_PATH
module=$work/debian/usr/lib/softhsm/libsofthsm2.so
debian/usr/bin/softhsm2-util --module "$module" --init-token --free --label seen \
    --pin 1234 --so-pin 1234 >/dev/null
tool() {
    debian/usr/bin/pkcs11-tool --module "$module" --token-label seen --login --pin 1234 "$@"
}
# openssl is the machine's own: it seals, and must not find its libraries in the folder above.
seal() { env -u LD_LIBRARY_PATH openssl pkeyutl -encrypt -pubin -keyform DER "$@"; }
echo "SoftHSM $(debian/usr/bin/softhsm2-util --version), pkcs11-tool of OpenSC 0.23.0"

for id in 01 02; do
    tool --keypairgen --key-type rsa:2048 --id $id --label key-$id >/dev/null 2>&1
    tool --read-object --type pubkey --id $id --output-file $id.der >/dev/null 2>&1
    printf '"Ada"' | seal -inkey $id.der -out claim-$id
done
own=$(tool --decrypt --mechanism RSA-PKCS --id 01 --input-file claim-01 2>/dev/null)
other=$(tool --decrypt --mechanism RSA-PKCS --id 01 --input-file claim-02 2>&1 || true)
echo "its own claim: $own"
echo "the other's:   $other"
[ "$own" = '"Ada"' ]
[[ $other == *"C_DecryptUpdate failed: rv = CKR_FUNCTION_NOT_SUPPORTED (0x54)"* ]]

# What it called, as seen by the spy that OpenSC has for it.
spy=$(echo "$work"/debian/usr/lib/*-linux-gnu/pkcs11-spy.so)
calls=$(PKCS11SPY=$module debian/usr/bin/pkcs11-tool --module "$spy" --token-label seen --login \
    --pin 1234 --decrypt --mechanism RSA-PKCS --id 01 --input-file claim-02 2>&1 || true)
calls=$(grep -o 'C_Decrypt[A-Za-z]*$' <<<"$calls" | tr '\n' ' ')
echo "it called:     $calls"
[ "$calls" = "C_DecryptInit C_Decrypt C_DecryptInit C_DecryptUpdate " ]
