// Flows that must verify and open.

import {
  canonicalStatement,
  newFlow,
  pingResponse,
  reverseMembers,
  spellLikePhp,
  templateStatement,
} from './flow.mjs';
import { NIN, SIZES, privateForms, publicForms } from './keys.mjs';
import { ADEBAYO, DEEP, ENCODINGS, sealTree } from './personas.mjs';
import { sealerNamed, sealers } from './sealers.mjs';
import { ALGORITHMS, nodeSigner, signers } from './signers.mjs';

/** The member names of RFC 8785, 3.2.3, whose order tells UTF-16 from UTF-8; nulls; odd strings. */
const AWKWARD_DATA = {
  '\u20ac': 'Euro',
  '\r': 'Carriage return',
  '\ufb33': 'Hebrew letter dalet with dagesh',
  1: 'One',
  '\u{1f600}': 'Emoji',
  '\u0080': 'Control',
  ö: 'Latin small letter o with diaeresis',
  payload: 'Ẹ jọ̀ọ́, "sign" this \\ contract:\b\f\n\r\t\u0000\u001f\u007f\u2028\u{1f58b}',
  nothing: null,
  nested: { deeper: { nothing: null, amount: 9007199254740991, debt: -9007199254740991 } },
  list: [3, 1, 2, { nothing: null, yes: true, no: false }, [], ''],
};

/** A statement that leaves the claims unsigned. */
export const TEMPLATE = '{reference}.{requestee}.{signedAt}';

/** A flow with its e-signature; `statement` says which bytes are signed. */
export function signedFlow({ user, signer, algorithm, statement = canonicalStatement, ...members }) {
  const flow = newFlow({ reference: 'req_5d7c24a9', requestee: NIN, ...members });
  return { ...flow, signature: signer.sign(user, algorithm, statement(flow)) };
}

export function* openedCases(keys, machine) {
  yield* sealedByEveryPeer(keys, machine);
  yield* signedByEveryPeer(keys, machine);
  yield* everyPrivateForm(keys, machine);
  yield* everyPublicForm(keys, machine);
  yield* leavesOfOddShape(keys);
  yield* flowsOfOddShape(keys);
}

/** Each size, each sealer and padding, both encodings; signers and algorithms take turns. */
function* sealedByEveryPeer(keys, machine) {
  const turns = signers(machine).flatMap((signer) =>
    ALGORITHMS.map((algorithm) => ({ signer, algorithm })),
  );
  let turn = 0;
  for (const bits of SIZES) {
    for (const sealer of sealers(machine)) {
      for (const [encoding, encode] of Object.entries(ENCODINGS)) {
        const { signer, algorithm } = turns[turn % turns.length];
        const user = keys.user[SIZES[turn % SIZES.length]];
        turn += 1;
        const app = keys.app[bits];
        const claims = sealTree(ADEBAYO, (value) => sealer.seal(app, encode(value)));
        const flow = signedFlow({ user, signer, algorithm, claims });
        yield {
          name: `sealed/${bits}/${sealer.peer}/${sealer.padding}/${encoding}`,
          peer: sealer.peer,
          signer: signer.signer,
          bits,
          algorithm,
          padding: sealer.padding,
          appKey: app.file('pem'),
          userKey: user.file('pub.pem'),
          profile: { algorithm, padding: sealer.padding },
          response: pingResponse(flow),
          expect: { claims: ADEBAYO },
        };
      }
    }
  }
}

/** Each size, each signer, each algorithm, over a statement that is hard to canonicalize. */
function* signedByEveryPeer(keys, machine) {
  for (const bits of SIZES) {
    for (const signer of signers(machine)) {
      for (const algorithm of ALGORITHMS) {
        const user = keys.user[bits];
        const flow = signedFlow({ user, signer, algorithm, mode: 'signature', data: AWKWARD_DATA });
        yield {
          name: `signed/${bits}/${signer.signer}/${algorithm}`,
          peer: signer.signer,
          signer: signer.signer,
          bits,
          algorithm,
          appKey: keys.app[bits].file('pem'),
          userKey: user.file('pub.pem'),
          profile: { algorithm },
          response: pingResponse(flow),
          expect: { claims: {} },
        };
      }
    }
  }
}

function* everyPrivateForm(keys, machine) {
  for (const bits of [2048, 4096]) {
    const plain = plainCase(keys, { bits });
    for (const { form, file, passphrase } of privateForms(keys.app[bits], machine)) {
      yield { ...plain, name: `private-key/${bits}/${form}`, appKey: file, passphrase };
    }
  }
}

function* everyPublicForm(keys, machine) {
  const plain = plainCase(keys);
  for (const { form, file } of publicForms(keys.user[2048], machine)) {
    yield { ...plain, name: `public-key/${form}`, userKey: file };
  }
}

function* leavesOfOddShape(keys) {
  const app = keys.app[2048];
  const jsencrypt = sealerNamed('jsencrypt');
  const node = sealerNamed('node-crypto');

  const one = (name, peer, leaf, value, profile = {}) => ({
    ...plainCase(keys, { claims: { naming: { title: leaf } }, profile }),
    name: `leaf/${name}`,
    peer,
    expect: { claims: { naming: { title: value } } },
  });

  yield one('quoted-base64', 'jsencrypt', `"${jsencrypt.seal(app, 'Olóyè')}"`, 'Olóyè');
  yield one('short-ciphertext', 'node-jsencrypt', shortCiphertext(app, 'Olóyè'), 'Olóyè');
  yield one('empty', 'node-crypto', node.seal(app, ''), '');
  yield one('empty-json', 'node-crypto', node.seal(app, '""'), '');
  yield one('longest', 'node-crypto', node.seal(app, 'ó'.repeat(122) + 'x'), 'ó'.repeat(122) + 'x');
  yield one('escaped-json', 'node-crypto', node.seal(app, spellLikePhp('Ọ̀yọ́ 😀/')), 'Ọ̀yọ́ 😀/');
  yield one('quotes-are-text', 'node-crypto', node.seal(app, '"Olóyè"'), '"Olóyè"', { leaf: 'text' });
  yield one('unquoted-json', 'node-crypto', node.seal(app, '"Olóyè"'), 'Olóyè', { leaf: 'json' });

  // A number in JSON keeps its digits, also those that a double would lose.
  const digits = '0.12345678901234567890e+2';
  yield one('json-number', 'node-crypto', node.seal(app, digits), digits, { leaf: 'json' });
  // No string literal as a whole, therefore the text as it was sent.
  yield one('half-quoted', 'node-crypto', node.seal(app, '"Olóyè'), '"Olóyè');

  const seal = (value) => jsencrypt.seal(app, ENCODINGS.json(value));
  yield {
    ...plainCase(keys, { claims: sealTree(DEEP, seal, { listsAreTrees: true }) }),
    name: 'leaf/deep-tree',
    peer: 'jsencrypt',
    expect: { claims: DEEP },
  };
}

function* flowsOfOddShape(keys) {
  const plain = plainCase(keys, { data: AWKWARD_DATA });
  yield { ...plain, name: 'flow/bare', response: plain.response.data.request };
  yield { ...plain, name: 'flow/indented', json: JSON.stringify(plain.response, null, '\t') };
  yield { ...plain, name: 'flow/spelled-like-php', json: spellLikePhp(plain.response) };
  yield { ...plain, name: 'flow/members-reversed', response: reverseMembers(plain.response) };

  yield {
    ...plainCase(keys, { statement: (flow) => templateStatement(TEMPLATE, flow) }),
    name: 'flow/template',
    profile: { statement: { template: TEMPLATE }, allow_unsigned_claims: true },
  };
}

/**
 * One flow as pasby documents it, which single cases then bend at one place. `signedBy` may be
 * another than the user whose key the app trusts.
 */
export function plainCase(keys, changes = {}) {
  const { bits = 2048, algorithm = 'RS256', signedBy, profile = {}, claims, ...members } = changes;
  const app = keys.app[bits];
  const user = keys.user[2048];
  const sealer = sealerNamed('jsencrypt');
  const flow = signedFlow({
    user: signedBy ?? user,
    signer: nodeSigner,
    algorithm,
    claims: claims ?? sealTree(ADEBAYO, (value) => sealer.seal(app, ENCODINGS.text(value))),
    ...members,
  });
  return {
    name: 'plain',
    peer: sealer.peer,
    signer: nodeSigner.signer,
    bits,
    algorithm,
    padding: sealer.padding,
    appKey: app.file('pem'),
    userKey: user.file('pub.pem'),
    profile,
    response: pingResponse(flow),
    expect: { claims: ADEBAYO },
  };
}

/** node-jsencrypt drops leading zero bytes: about one ciphertext in two hundred is short. */
function shortCiphertext(app, text) {
  const { seal } = sealerNamed('node-jsencrypt');
  for (;;) {
    const sealed = seal(app, text);
    if (Buffer.from(sealed, 'base64').length < app.bits / 8) {
      return sealed;
    }
  }
}
