// The vendor's own SDK against `flowseal mock`: node --test sdk.mjs, with FLOWSEAL_MOCK_URL.
//
// It was not written here, so it is held to nothing: what the mock answers it has to be content
// with, by the types that it declares.

import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import test, { describe } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import pasby from '@finsel-dgi/pasby';

import { declarationsBelow, strayings } from './types.mjs';

const url = process.env.FLOWSEAL_MOCK_URL;
assert.ok(url, 'FLOWSEAL_MOCK_URL says where the mock is');

const main = createRequire(import.meta.url).resolve('@finsel-dgi/pasby');
const declarations = declarationsBelow(join(dirname(main), 'modules'));

const NIN = '22212345610';
const given = { claims: ['naming.given', 'contact.emailVerified'], payload: 'Log in to Example' };
const webhook = { host: 'https://bank.example/hook', reference: 'order-1' };

/** The six starts: how each is called, and the type of its answer. */
const STARTS = [
  ['identification', 'sameDevice', 'IdentificationSameDeviceResponse', { action: 'login', ...given }],
  [
    'identification',
    'differentDevice',
    'IdentificationDifferentDeviceResponse',
    { action: 'signup', user: NIN, ...given },
  ],
  [
    'identification',
    'wildcard',
    'IdentificationWildcardResponse',
    { action: 'link', seeds: 3, ...given },
  ],
  [
    'signing',
    'sameDevice',
    'SigningSameDeviceResponse',
    { action: 'sign', nin: NIN, payload: 'Pay', webhook },
  ],
  [
    'signing',
    'differentDevice',
    'SigningDifferentDeviceResponse',
    { action: 'confirm', nin: NIN, payload: 'Pay' },
  ],
  [
    'signing',
    'wildcard',
    'SigningWildcardResponse',
    { action: 'sign', seeds: 10, payload: 'Pay', webhook },
  ],
];

/** Its version is left to its default. A proxy has no place before loopback. */
const client = new pasby.Pasby({
  apikeyAuth: 'bk-test_1',
  appSecretKey: 'snb_1',
  basePath: url,
  baseOptions: { proxy: false, timeout: 10_000 },
});

test('the SDK is at its default version', () => assert.equal(client.configuration.versioning, 'v2'));

// Most of the time they wait, so all of them wait at once.
describe('six starts', { concurrency: true }, () => {
  for (const [group, device, type, body] of STARTS) {
    const start = async () => {
      const response = await client[group][device](body);
      assert.equal(response.status, 201);
      isOf(type, response.data);
      const { request, link, seeds } = response.data.data;
      assert.match(request.id, /^req_[0-9a-f]{32}$/);
      assert.equal(link !== undefined, device === 'sameDevice');
      assert.equal(seeds?.length, body.seeds);
      return request.id;
    };

    test(`${group}.${device} is pinged to its end`, async () => {
      const id = await start();
      for (;;) {
        const { data: answer } = await client.flows.ping({ request: id });
        isOf('FlowsPingResponse', answer);
        const { request } = answer.data;
        assert.equal(request.reference, id);
        assert.equal(request.cancelled, false);
        if (request.signature !== undefined) {
          const isIdentification = group === 'identification';
          assert.equal(request.mode, isIdentification ? 'identification' : 'signature');
          const groups = request.claims && Object.keys(request.claims).sort();
          assert.deepEqual(groups, isIdentification ? ['contact', 'naming'] : undefined);
          return;
        }
        await setTimeout(200);
      }
    });

    test(`${group}.${device} is cancelled`, async () => {
      const id = await start();
      const { data: answer } = await client.flows.cancel({ request: id });
      isOf('FlowsCancelResponse', answer);
      assert.equal(answer.data.model.id, id);
      assert.equal(answer.data.model.payload, body.payload);
      const { data: pinged } = await client.flows.ping({ request: id });
      isOf('FlowsPingResponse', pinged);
      assert.equal(pinged.data.request.cancelled, true);
    });
  }
});

test('the API is there', async () => {
  const { status } = await client.health.healthCheck();
  assert.equal(status, 200);
});

test('an error is one that the SDK understands', async () => {
  const short = { action: 'login', user: '1', ...given };
  await assert.rejects(client.identification.differentDevice(short), (error) => {
    assert.equal(error.name, 'PasbyError');
    assert.equal(error.status, 400);
    assert.deepEqual(error.responseBody[0].path, ['body', 'user']);
    return true;
  });
});

function isOf(type, answer) {
  assert.deepEqual(strayings(declarations, answer, type), []);
}
