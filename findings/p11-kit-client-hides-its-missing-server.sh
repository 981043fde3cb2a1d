#!/usr/bin/env bash
# What surprised
#   p11-kit's client module starts without an error where there is no server for it to speak to: with
#   no address, with an address where nothing listens, and after the server has gone. Each time it
#   has no slots, as a machine without a token has. `p11-kit server` in its turn serves, without a
#   word, a token that its module does not have, and says why it cannot start without a runtime
#   directory as "Unknown error 0".
#
# Seen on 2026-11-30 with p11-kit 0.24.1, SoftHSM 2.6.1 and OpenSC 0.23.0 of Debian 12.
#
# Why it matters to pasby flows
#   A server in another process is the cheapest way to keep the app's key out of a service's memory.
#   A service that starts before it, or with a mistyped token, is told that it has no token, and its
#   people look for the token. Only C_GetInfo says "no connection", in the library's description.
#
# How flowseal deals with it
#   Where a module has no token at all, the sentence says that a client without its server has none
#   either, and the page of tokens has the lines that start both.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
lacking() { echo "could not run: $1"; exit 77; }

command -v apt-get >/dev/null || lacking "apt-get, of Debian 12"
apt-get download --quiet=2 --option APT::Sandbox::User=root \
    p11-kit=0.24.1-2 \
    p11-kit-modules=0.24.1-2 \
    libp11-kit0=0.24.1-2 \
    softhsm2=2.6.1-2.1 \
    libsofthsm2=2.6.1-2.1 \
    opensc=0.23.0-0.3+deb12u2 \
    opensc-pkcs11=0.23.0-0.3+deb12u2 ||
    lacking "p11-kit 0.24.1-2 or what goes with it, of Debian 12 (after apt-get update)"
for package in *.deb; do dpkg -x "$package" debian; done
libraries=$(echo "$work"/debian/usr/lib/*-linux-gnu)
export LD_LIBRARY_PATH=$libraries
client=$libraries/pkcs11/p11-kit-client.so
softhsm=$work/debian/usr/lib/softhsm/libsofthsm2.so

mkdir tokens
echo "directories.tokendir = $work/tokens" >softhsm2.conf
export SOFTHSM2_CONF=$work/softhsm2.conf
debian/usr/bin/softhsm2-util --module "$softhsm" --init-token --free --label seen \
    --pin 1234 --so-pin 1234 >/dev/null
unset P11_KIT_SERVER_ADDRESS P11_KIT_SERVER_PID XDG_RUNTIME_DIR
# A server is ended with the rest, whatever happens.
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
tool() { debian/usr/bin/pkcs11-tool --module "$client" "$@" 2>&1 || true; }
serve() {
    debian/usr/libexec/p11-kit/p11-kit-server --name "$work/socket" --provider "$softhsm" \
        "pkcs11:token=$1" >env
    # shellcheck disable=SC1091
    . ./env
    server=$P11_KIT_SERVER_PID
}
# The socket is gone before another server takes its place.
end() {
    kill "$server"
    while kill -0 "$server" 2>/dev/null && [ "$(ps -o stat= -p "$server" | cut -c1)" != Z ]; do :; done
    server=
    rm -f socket
}

echo "p11-kit 0.24.1"
serve seen
there=$(tool --list-slots | grep -c 'token label .*: seen')
end
echo "served:                     $there token"
[ "$there" = 1 ]

gone=$(tool --list-slots | tr '\n' ' ')
said=$(tool --show-info | grep '^Library')
echo "after the server has gone:  $gone($said)"
[[ $gone == *"No slots."* && $said == *"(no connection)"* ]]

nowhere=$(env -u P11_KIT_SERVER_ADDRESS debian/usr/bin/pkcs11-tool --module "$client" \
    --list-slots 2>&1 | tr '\n' ' ' || true)
echo "without an address:         $nowhere"
[[ $nowhere == *"No slots."* ]]

serve absent
absent=$(tool --list-slots | tr '\n' ' ')
end
echo "of a token that is not:     $absent"
[[ $absent == *"No slots."* ]]

unset P11_KIT_SERVER_ADDRESS
if debian/usr/libexec/p11-kit/p11-kit-server --provider "$softhsm" "pkcs11:token=seen" 2>why; then
    exit 1
fi
echo "without a runtime directory: $(tail -1 why)"
grep -q 'cannot determine runtime directory: Unknown error 0' why
