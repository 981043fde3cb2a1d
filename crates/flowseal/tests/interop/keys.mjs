// Keys, made anew in each run, in every form in which people keep them.

import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { openssl } from './openssl.mjs';

export const SIZES = [2048, 3072, 4096];
export const PASSPHRASE = 'bí òwe bí òwe';
export const NIN = '22212345610';
export const OTHER_NIN = '33312345611';

/** One RSA key in files `NAME.pem` (PKCS#8) and `NAME.pub.pem` (SPKI). */
class RsaKey {
  constructor(directory, name, bits) {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
    Object.assign(this, { directory, name, bits, privateKey, publicKey });
    this.publicPem = publicKey.export({ type: 'spki', format: 'pem' });
    this.write('pem', privateKey.export({ type: 'pkcs8', format: 'pem' }));
    this.write('pub.pem', this.publicPem);
  }

  file(extension) {
    return `${this.name}.${extension}`;
  }

  path(extension) {
    return join(this.directory, this.file(extension));
  }

  /** Writes a further form of this key and returns the file's name. */
  write(extension, content) {
    writeFileSync(this.path(extension), content);
    return this.file(extension);
  }
}

/** The cast: an app and a user of each size, and a second user. */
export function makeKeys(directory) {
  const ofEachSize = (name) =>
    Object.fromEntries(
      SIZES.map((bits) => [bits, new RsaKey(directory, `${name}-${bits}`, bits)]),
    );
  return {
    app: ofEachSize('app'),
    user: ofEachSize('user'),
    otherApp: new RsaKey(directory, 'other-app-2048', 2048),
    otherUser: new RsaKey(directory, 'other-user-2048', 2048),
  };
}

/** Every form of an app's private key: `{form, file, passphrase?}`. */
export function privateForms(key, { withOpenssl }) {
  const exported = (form, extension, options) => ({
    form,
    file: key.write(extension, key.privateKey.export(options)),
    passphrase: options.passphrase,
  });
  const encrypted = { type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: PASSPHRASE };
  const always = [
    exported('pkcs8-der', 'pkcs8.der', { type: 'pkcs8', format: 'der' }),
    exported('pkcs1-pem', 'pkcs1.pem', { type: 'pkcs1', format: 'pem' }),
    exported('pkcs1-der', 'pkcs1.der', { type: 'pkcs1', format: 'der' }),
    exported('encrypted-pkcs8-pem', 'encrypted.pem', { ...encrypted, format: 'pem' }),
    exported('encrypted-pkcs8-der', 'encrypted.der', { ...encrypted, format: 'der' }),
  ];
  return withOpenssl ? [...always, ...opensslPrivateForms(key)] : always;
}

function opensslPrivateForms(key) {
  const topk8 = (form, extension, ...options) => {
    const args = ['pkcs8', '-topk8', '-in', key.path('pem'), '-passout', 'stdin', ...options];
    const file = key.write(extension, openssl(args, `${PASSPHRASE}\n`));
    return { form, file, passphrase: PASSPHRASE };
  };
  return [
    topk8('openssl-pkcs8-aes-256-cbc', 'aes256.pem'),
    topk8('openssl-pkcs8-scrypt', 'scrypt.pem', '-scrypt'),
  ];
}

/** Every form of a user's public key: `{form, file}`. */
export function publicForms(key, { withOpenssl }) {
  const exported = (form, extension, options) => ({
    form,
    file: key.write(extension, key.publicKey.export(options)),
  });
  const jwk = { ...key.publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'one' };
  const always = [
    exported('spki-der', 'pub.der', { type: 'spki', format: 'der' }),
    exported('pkcs1-pem', 'pub.pkcs1.pem', { type: 'pkcs1', format: 'pem' }),
    exported('pkcs1-der', 'pub.pkcs1.der', { type: 'pkcs1', format: 'der' }),
    { form: 'jwk', file: key.write('jwk.json', JSON.stringify(jwk)) },
    { form: 'jwks', file: key.write('jwks.json', JSON.stringify(jwksAround(jwk), null, 2)) },
  ];
  return withOpenssl ? [...always, certificate(key)] : always;
}

/** A set as servers publish it: keys for other purposes stand beside the one that fits. */
function jwksAround(jwk) {
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
  const rsa = () =>
    generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });
  return {
    keys: [
      { ...ec, kid: 'of another kty' },
      { ...rsa(), kid: 'of another use', use: 'enc' },
      { ...rsa(), kid: 'of another alg', use: 'sig', alg: 'PS512' },
      jwk,
    ],
  };
}

/** X.509 as a container of the key. */
function certificate(key) {
  const subject = ['-subj', '/CN=A user of pasby', '-days', '1'];
  const pem = openssl(['req', '-x509', '-new', '-key', key.path('pem'), ...subject]);
  return { form: 'x509', file: key.write('crt.pem', pem) };
}
