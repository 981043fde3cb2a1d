// An oracle that is wrong proves nothing: what the reader of types accepts and what it does not.

import assert from 'node:assert/strict';
import test from 'node:test';

import { declarationsOf, strayings } from './types.mjs';

const declarations = declarationsOf(`
  export declare enum Kind { one = "one", two = "two" }
  /** 'not': a member; */
  export interface Outer {
    /** Of it. */
    'inner': Inner;
    'names'?: Array<string>;
    'rest'?: Record<string, unknown>;
  }
  export interface Inner {
    'kind': Kind;
    'count'?: number;
  }
  export interface Odd { 'odd'?: Map<string, string>; }
`);

const found = (value, type = 'Outer') => strayings(declarations, value, type);

test('what is declared is accepted, with more beside it', () => {
  assert.deepEqual(found({ inner: { kind: 'one' } }), []);
  const whole = { inner: { kind: 'two', count: 1, more: null }, names: ['a'], rest: {} };
  assert.deepEqual(found(whole), []);
});

test('each straying is told', () => {
  for (const [value, expected] of [
    [{}, ['the answer.inner is missing']],
    ['', ['the answer is no object']],
    [[], ['the answer is no object']],
    [{ inner: null }, ['the answer.inner is no object']],
    [{ inner: { kind: 'three' } }, ['the answer.inner.kind is none of one,two']],
    [
      { inner: { kind: 'one', count: '1' }, names: [1] },
      [
        'the answer.inner.count is string and not number',
        'the answer.names[0] is number and not string',
      ],
    ],
    [{ inner: { kind: 'one' }, names: 'a' }, ['the answer.names is no array']],
    [{ inner: { kind: 'one' }, rest: [] }, ['the answer.rest is no object']],
  ]) {
    assert.deepEqual(found(value), expected);
  }
});

test('a type that is not understood is no type that was checked', () => {
  assert.throws(() => found({ odd: {} }, 'Odd'), /cannot be read/);
  assert.throws(() => found({}, 'Nowhere'), /cannot be read/);
  assert.throws(() => declarationsOf('export interface Call { (): string; }'), /cannot be read/);
});
