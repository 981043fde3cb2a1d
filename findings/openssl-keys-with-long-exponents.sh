#!/usr/bin/env bash
# What surprised
#   A public exponent of 65 bits is fine up to a modulus of 3,072 bits and fine to load with a
#   longer one. Only the first use of the longer key fails, in words that do not name the exponent.
#   The same key file thus "works" at 2,048 bits and "is broken" at 4,096, although exponents below
#   2^256 are within the standards (FIPS 186-5, appendix A.1.1).
#
# Seen on 2026-11-29 with cryptography 50.0.2 from PyPI, which has OpenSSL 4.0.3 within.
#
# Why it matters to pasby flows
#   In the public specification's examples claims are sealed under keys of 4,096 bits and signatures
#   are made with keys of 2,048. With such an exponent a user's key would work, and under an app's
#   key nobody could seal with OpenSSL.
#
# How flowseal deals with it
#   It refuses public exponents of 2^33 and more, whatever the size of the key and as soon as it is
#   loaded, and says that it is the exponent.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
lacking() { echo "could not run: $1"; exit 77; }

command -v python3 >/dev/null || lacking "python3"
python3 -m venv venv || lacking "python3's module venv"
venv/bin/pip install --quiet --disable-pip-version-check --only-binary=:all: \
    cryptography==50.0.2 || lacking "cryptography 50.0.2 from PyPI"

venv/bin/python - <<'PYTHON'
from math import lcm

import cryptography
from cryptography.hazmat.backends.openssl import backend
from cryptography.hazmat.primitives.asymmetric import padding, rsa

print("cryptography", cryptography.__version__, "with", backend.openssl_version_text())
EXPONENT = 2**64 + 13
V1_5 = padding.PKCS1v15()


def key(bits):
    """A key with the long exponent; its primes come from a key of the usual kind."""
    while True:
        usual = rsa.generate_private_key(65537, bits).private_numbers()
        p, q = usual.p, usual.q
        try:
            d = pow(EXPONENT, -1, lcm(p - 1, q - 1))
        except ValueError:  # The exponent divides p - 1 or q - 1.
            continue
        public = rsa.RSAPublicNumbers(EXPONENT, p * q)
        crt = d % (p - 1), d % (q - 1), rsa.rsa_crt_iqmp(p, q)
        return rsa.RSAPrivateNumbers(p, q, d, *crt, public).private_key()


print("the exponent has", EXPONENT.bit_length(), "bits")
for bits, expected in [(2048, True), (3072, True), (4096, False)]:
    private = key(bits)
    try:
        sealed = private.public_key().encrypt(b'"Ada"', V1_5)
        assert private.decrypt(sealed, V1_5) == b'"Ada"'
        works = True
        print(f"{bits} bits: loads, seals and opens")
    except ValueError as error:
        works = False
        print(f"{bits} bits: loads, and sealing says: {error}")
    assert works == expected, f"at {bits} bits it was the other way round"
PYTHON
