#!/usr/bin/env bash
# What surprised
#   A ciphertext that was sealed under somebody else's key, of the same size, usually decrypts
#   "without an error": PyCA cryptography answers RSAES-PKCS1-v1_5 with made-up bytes. That is on
#   purpose and right (implicit rejection: an attacker is to learn nothing). Less known is what the
#   answer looks like: it is the same bytes each time, some ciphertexts of the very same stranger do
#   raise an error (their number is larger than our modulus), and a few of the made-up answers are
#   valid UTF-8, because they are empty or one or two letters long. Those pass every test of the
#   kind "did it decode?".
#
# Seen on 2026-11-29 with cryptography 50.0.2 from PyPI.
#
# Why it matters to pasby flows
#   Each claim is a ciphertext by itself. An app that loads last year's key, or another app's, opens
#   a flow of ten claims into a mixture of errors, noise and now and then an empty name.
#
# How flowseal deals with it
#   All claims of a flow are judged together and have one verdict, claim_unopenable, if any of them
#   does not open; no made-up byte is handed out. The signature is verified first.
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
import cryptography
from cryptography.hazmat.primitives.asymmetric import padding, rsa

print("cryptography", cryptography.__version__)
v1_5 = padding.PKCS1v15()
keys = [rsa.generate_private_key(65537, 2048) for _ in range(6)]
keys.sort(key=lambda key: key.public_key().public_numbers().n)
ours, theirs = keys[0], keys[-1]  # Some of their ciphertexts are larger than our modulus.

noise = errors = 0
text = None
for _ in range(6000):  # One in about 130 is expected to be text.
    claim = theirs.public_key().encrypt(b'"Ada"', v1_5)
    try:
        answer = ours.decrypt(claim, v1_5)
    except ValueError as error:
        errors += 1
        sentence = str(error)
        continue
    assert answer == ours.decrypt(claim, v1_5), "the made-up answer is no longer the same each time"
    try:
        text = answer.decode()
    except UnicodeDecodeError:
        noise += 1
    if text is not None and noise and errors:
        break

assert noise, "a stranger's ciphertext no longer decrypts to bytes"
assert errors, "no stranger's ciphertext raised an error"
assert text is not None, "no made-up answer was text"
print(f"of a stranger's ciphertexts {noise} opened as noise, {errors} raised an error")
print("the error:", sentence)
print(f"and one opened as the text {text!r}")
PYTHON
