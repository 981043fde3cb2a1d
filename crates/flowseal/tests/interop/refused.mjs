// Flows that must be refused, each for the one thing that is wrong with it.

import { templateStatement } from './flow.mjs';
import { NIN, OTHER_NIN } from './keys.mjs';
import { TEMPLATE, plainCase } from './opened.mjs';
import { ADEBAYO, ENCODINGS, sealTree } from './personas.mjs';
import { sealerNamed } from './sealers.mjs';

export function* refusedCases(keys) {
  yield* changedAfterSigning(keys);
  yield* wrongPeople(keys);
  yield* wrongProfiles(keys);
  yield* corruptAtTheSource(keys);
  yield* wrongKeys(keys);
}

/** What somebody between pasby and the app could do, who knows the app's public key. */
function* changedAfterSigning(keys) {
  const stranger = sealerNamed('jsencrypt');
  const app = keys.app[2048];
  const changes = {
    'claims-swapped': ({ claims: { naming } }) => {
      [naming.family, naming.given] = [naming.given, naming.family];
    },
    'leaf-dropped': ({ claims }) => delete claims.contact.email,
    'group-dropped': ({ claims }) => delete claims.contact,
    'leaf-added': ({ claims }) => {
      claims.contact.phone = stranger.seal(app, '+2348000000000');
    },
    'leaf-resealed-by-a-stranger': ({ claims }) => {
      claims.contact.email = stranger.seal(app, 'stranger@example.com');
    },
    'same-text-resealed': ({ claims }) => {
      claims.contact.email = stranger.seal(app, ADEBAYO.contact.email);
    },
    'field-renamed': ({ claims: { naming } }) => {
      naming.middle = naming.given;
      delete naming.given;
    },
    'requester-changed-in-one-digit': (flow) => {
      flow.requester = flow.requester.replace('bcn_c', 'bcn_d');
    },
    'issued-a-second-later': (flow) => {
      flow.iat += 1;
    },
    'mode-changed': (flow) => {
      flow.mode = 'signature';
    },
    'data-denormalized': ({ data }) => {
      data.payload = data.payload.normalize('NFD');
    },
    'data-dropped': (flow) => delete flow.data,
  };
  for (const [name, change] of Object.entries(changes)) {
    const signed = plainCase(keys, { data: { payload: 'Wọlé sí ilé ìfowópamọ́'.normalize('NFC') } });
    change(signed.response.data.request);
    yield { ...signed, name: `refused/${name}`, expect: { code: 'signature_invalid' } };
  }

  const theirs = plainCase(keys, { reference: 'req_another' });
  const mine = plainCase(keys);
  mine.response.data.request.claims = theirs.response.data.request.claims;
  yield { ...mine, name: 'refused/claims-of-another-flow', expect: { code: 'signature_invalid' } };
}

/** One user's key on another user's flow. In the manifest, `requestee` is whose key `user_key` is. */
function* wrongPeople(keys) {
  const theirs = { requestee: OTHER_NIN, signedBy: keys.otherUser };
  yield {
    ...plainCase(keys, theirs),
    name: 'refused/a-flow-of-another-user',
    expect: { code: 'no_verifying_key' },
  };
  yield {
    ...plainCase(keys, { requestee: OTHER_NIN }),
    name: 'refused/signed-by-the-user-in-the-name-of-another',
    expect: { code: 'no_verifying_key' },
  };
  yield {
    ...plainCase(keys, { requestee: NIN, signedBy: keys.otherUser }),
    name: 'refused/signed-by-another-in-the-name-of-the-user',
    expect: { code: 'signature_invalid' },
  };
}

function* wrongProfiles(keys) {
  const signedWith = (algorithm, profile) => ({
    ...plainCase(keys, { algorithm, profile }),
    name: `refused/${algorithm}-under-${profile.algorithm}`,
    expect: { code: 'signature_invalid' },
  });
  yield signedWith('RS256', { algorithm: 'PS256' });
  yield signedWith('PS256', { algorithm: 'RS256' });
  yield signedWith('RS512', { algorithm: 'RS256' });
  yield signedWith('PS384', { algorithm: 'PS256' });

  yield {
    ...plainCase(keys, { statement: (flow) => templateStatement(TEMPLATE, flow) }),
    name: 'refused/claims-left-unsigned',
    profile: { statement: { template: TEMPLATE } },
    expect: { code: 'claims_not_signed' },
  };
  yield {
    ...plainCase(keys, { profile: { padding: 'rsaes-oaep-sha256' } }),
    name: 'refused/pkcs1-opened-as-oaep',
    expect: { code: 'claim_unopenable' },
  };
  yield {
    ...plainCase(keys, { profile: { cesu8: false } }),
    name: 'refused/cesu8-where-it-is-off',
    expect: { code: 'claim_unopenable' },
  };
}

/** Signed as they stand, and yet not to be opened. */
function* corruptAtTheSource(keys) {
  const jsencrypt = sealerNamed('jsencrypt');
  const app = keys.app[2048];
  const withTitle = (name, text) => ({
    ...plainCase(keys, { claims: { naming: { title: jsencrypt.seal(app, text) } } }),
    name: `refused/${name}`,
    expect: { code: 'claim_unopenable' },
  });

  // JSEncrypt counts characters where it should count bytes: 240 characters, 248 bytes, leave five
  // bytes of random padding, where RFC 8017 wants eight; 285 bytes overwrite the block's own head.
  yield withTitle('five-bytes-of-padding', 'a'.repeat(236) + 'ọ'.repeat(4));
  yield withTitle('no-padding-at-all', 'a'.repeat(239) + 'ọ'.repeat(5));
  yield withTitle('head-overwritten', 'a'.repeat(225) + 'ọ'.repeat(20));

  const seal = (value) => jsencrypt.seal(app, ENCODINGS.text(value));
  const claims = sealTree(ADEBAYO, seal);
  claims.contact.email = sealedToAnother(keys, ADEBAYO.contact.email);
  yield {
    ...plainCase(keys, { claims }),
    name: 'refused/one-leaf-sealed-to-another-app',
    expect: { code: 'claim_unopenable' },
  };

  const node = sealerNamed('node-crypto');
  yield {
    ...plainCase(keys, { claims: { naming: { title: node.seal(app, 'no JSON') } } }),
    name: 'refused/no-json-where-it-is-promised',
    profile: { leaf: 'json' },
    expect: { code: 'claim_unopenable' },
  };
}

function* wrongKeys(keys) {
  const plain = plainCase(keys);
  const app = keys.app[2048];
  const refused = (name, code, change) => ({
    ...plain,
    ...change,
    name: `refused/${name}`,
    expect: { code },
  });
  yield refused('public-key-to-open-with', 'key_kind', { appKey: app.file('pub.pem') });
  // Written by the cases of key forms.
  const encrypted = { appKey: app.file('encrypted.pem') };
  yield refused('passphrase-missing', 'key_passphrase', encrypted);
  yield refused('passphrase-wrong', 'key_passphrase', { ...encrypted, passphrase: 'òwe' });
  yield refused('no-key-of-the-size', 'no_decrypting_key', {
    ...plainCase(keys, { bits: 4096 }),
    appKey: app.file('pem'),
  });
}

/** Sealed to another app's key of the same size, and below this app's modulus: no length tells. */
function sealedToAnother(keys, text) {
  const modulus = Buffer.from(keys.app[2048].publicKey.export({ format: 'jwk' }).n, 'base64url');
  for (;;) {
    const sealed = sealerNamed('jsencrypt').seal(keys.otherApp, text);
    if (Buffer.compare(Buffer.from(sealed, 'base64'), modulus) < 0) {
      return sealed;
    }
  }
}
