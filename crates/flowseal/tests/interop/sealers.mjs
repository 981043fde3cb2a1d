// Everybody who seals a leaf: a text and an app's public key in, base64 of a ciphertext out.

import { constants, publicEncrypt } from 'node:crypto';
import { createRequire } from 'node:module';

import { openssl } from './openssl.mjs';

// Version 3.5.4 of jsencrypt names a module for `import` which Node cannot resolve (its inner
// imports lack their extensions), so both are loaded as the CommonJS packages that they are.
const require = createRequire(import.meta.url);
const JSEncrypt = require('jsencrypt');
const NodeJSEncrypt = require('node-jsencrypt');

const PKCS1 = 'rsaes-pkcs1-v1_5';
const OAEP_SHA256 = 'rsaes-oaep-sha256';
const OAEP_SHA1 = 'rsaes-oaep-sha1';

/** `{peer, padding, seal(key, text)}` of every peer that this machine has. */
export function sealers({ withOpenssl }) {
  const always = [
    { peer: 'jsencrypt', padding: PKCS1, seal: bySetPublicKey(JSEncrypt) },
    { peer: 'node-jsencrypt', padding: PKCS1, seal: bySetPublicKey(NodeJSEncrypt) },
    { peer: 'node-crypto', padding: PKCS1, seal: byNode(constants.RSA_PKCS1_PADDING) },
    {
      peer: 'node-crypto',
      padding: OAEP_SHA256,
      seal: byNode(constants.RSA_PKCS1_OAEP_PADDING, 'sha256'),
    },
    {
      peer: 'node-crypto',
      padding: OAEP_SHA1,
      seal: byNode(constants.RSA_PKCS1_OAEP_PADDING, 'sha1'),
    },
  ];
  const command = [
    { peer: 'openssl', padding: PKCS1, seal: byOpenssl('rsa_padding_mode:pkcs1') },
    {
      peer: 'openssl',
      padding: OAEP_SHA256,
      seal: byOpenssl('rsa_padding_mode:oaep', 'rsa_oaep_md:sha256'),
    },
  ];
  return withOpenssl ? [...always, ...command] : always;
}

/** The sealer of that name; the first one where a peer has several paddings. */
export function sealerNamed(peer) {
  return sealers({ withOpenssl: true }).find((sealer) => sealer.peer === peer);
}

/** Both jsencrypts. Their `encrypt` answers `false` where others throw. */
function bySetPublicKey(Encryptor) {
  return (key, text) => {
    const encryptor = new Encryptor();
    encryptor.setPublicKey(key.publicPem);
    const sealed = encryptor.encrypt(text);
    if (typeof sealed !== 'string') {
      throw new Error(`${Encryptor.name} does not seal ${JSON.stringify(text)}`);
    }
    return sealed;
  };
}

function byNode(padding, oaepHash) {
  return (key, text) =>
    publicEncrypt({ key: key.publicKey, padding, oaepHash }, Buffer.from(text)).toString('base64');
}

function byOpenssl(...options) {
  return (key, text) =>
    openssl(
      [
        'pkeyutl',
        '-encrypt',
        '-pubin',
        '-inkey',
        key.path('pub.pem'),
        ...options.flatMap((option) => ['-pkeyopt', option]),
      ],
      text,
    ).toString('base64');
}
