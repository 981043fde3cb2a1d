// An oracle that is wrong proves nothing, so it is held to the RFC's own examples first.

import assert from 'node:assert/strict';
import test from 'node:test';

import { canonicalize } from './jcs.mjs';

test('members are sorted by UTF-16 code units (RFC 8785, 3.2.3)', () => {
  const sorted = canonicalize({
    '\u20ac': 1,
    '\r': 2,
    '\ufb33': 3,
    1: 4,
    '\u{1f600}': 5,
    '\u0080': 6,
    '\u00f6': 7,
  });
  // U+1F600 stands before U+FB33: its first code unit is D83D.
  assert.equal(
    sorted,
    '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\u{1f600}":5,"\ufb33":3}',
  );
});

test('strings are escaped no more than they must be (RFC 8785, 3.2.2.2)', () => {
  assert.equal(
    canonicalize({ string: '\u20ac$\u000f\nA\'\u0042\u0022\u005c\\"/' }),
    '{"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

test('a null member is absent at every depth, and the order of an array is kept', () => {
  assert.equal(
    canonicalize({ b: { y: null, x: [3, { n: null }, 1] }, a: null }),
    '{"b":{"x":[3,{},1]}}',
  );
});

test('a number that is no safe integer is refused', () => {
  assert.throws(() => canonicalize({ iat: 0.5 }), RangeError);
  assert.throws(() => canonicalize({ iat: 2 ** 53 }), RangeError);
});
