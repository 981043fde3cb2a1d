#!/usr/bin/env bash
# What surprised
#   A text of no bytes may be encrypted with RSAES-PKCS1-v1_5 (RFC 8017 sets no lower bound).
#   wolfSSL refuses to open such a ciphertext, with the same number, -131, and the same sentence
#   about a buffer as a ciphertext of another key. The buffer given is as long as the modulus both
#   times.
#
# Seen on 2026-11-29 with wolfSSL 5.5.4 of Debian 12; sealed with cryptography 50.0.2 from PyPI.
#
# Why it matters to pasby flows
#   A person without a middle name may have an empty claim. On a device that uses wolfSSL it cannot
#   be told from a claim for somebody else, and a larger buffer, which the sentence suggests,
#   changes nothing.
#
# How flowseal deals with it
#   An empty claim opens as an empty text. That is not the same as a claim that is not there.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
lacking() { echo "could not run: $1"; exit 77; }

command -v python3 >/dev/null || lacking "python3"
python3 -m venv venv || lacking "python3's module venv"
venv/bin/pip install --quiet --disable-pip-version-check --only-binary=:all: \
    cryptography==50.0.2 || lacking "cryptography 50.0.2 from PyPI"
command -v apt-get >/dev/null || lacking "apt-get, of Debian 12"
apt-get download --quiet=2 --option APT::Sandbox::User=root \
    libwolfssl35=5.5.4-2+deb12u3 ||
    lacking "libwolfssl35 5.5.4-2+deb12u3 of Debian 12 (after apt-get update)"
for package in *.deb; do dpkg -x "$package" debian; done

venv/bin/python - debian/usr/lib/*/libwolfssl.so.35 <<'PYTHON'
import ctypes
import sys

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

library = ctypes.CDLL(sys.argv[1])
library.wc_GetErrorString.restype = ctypes.c_char_p
library.wolfSSL_lib_version.restype = ctypes.c_char_p
print("wolfSSL", library.wolfSSL_lib_version().decode())

# Two keys; the smaller one's ciphertexts are numbers below the larger one's modulus.
keys = [rsa.generate_private_key(65537, 2048) for _ in range(2)]
theirs, ours = sorted(keys, key=lambda key: key.public_key().public_numbers().n)
der = ours.private_bytes(
    serialization.Encoding.DER,
    serialization.PrivateFormat.TraditionalOpenSSL,
    serialization.NoEncryption(),
)
random = ctypes.create_string_buffer(1 << 16)  # More room than either structure needs.
key = ctypes.create_string_buffer(1 << 16)
assert library.wc_InitRng(random) == 0 and library.wc_InitRsaKey(key, None) == 0
place = ctypes.c_uint32(0)
assert library.wc_RsaPrivateKeyDecode(der, ctypes.byref(place), key, len(der)) == 0
assert library.wc_RsaSetRNG(key, random) == 0

for what, owner, text, expected in [
    ("a claim", ours, b'"Ada"', 5),
    ("an empty claim", ours, b"", -131),
    ("another key's claim", theirs, b'"Ada"', -131),
]:
    sealed = owner.public_key().encrypt(text, padding.PKCS1v15())
    opened = ctypes.create_string_buffer(len(sealed))
    code = library.wc_RsaPrivateDecrypt(sealed, len(sealed), opened, len(opened), key)
    said = library.wc_GetErrorString(code).decode() if code < 0 else opened.raw[:code]
    print(f"{what}: {code}, {said}")
    assert code == expected, f"expected {expected}"
PYTHON
