// A flow, the statement that its user signs, and the response that carries both.

import { canonicalize } from './jcs.mjs';

export const ISSUED_AT = 1716820052;
export const SIGNED_AT = 1716820121;

/** The members that the canonical statement covers, those of them that the flow has. */
const SIGNED_MEMBERS = [
  'reference',
  'requester',
  'requestee',
  'mode',
  'iat',
  'signedAt',
  'data',
  'claims',
];

/** An unsigned flow. Its members stand in the order of pasby's documentation, not a sorted one. */
export function newFlow({ reference, requestee, mode = 'identification', data, claims }) {
  return {
    reference,
    requester: 'bcn_c2431e66-a7d7-406f-8c28-715c9dc728e3',
    requestee,
    iat: ISSUED_AT,
    mode,
    cancelled: false,
    onsession: false,
    signedAt: SIGNED_AT,
    // A null member counts as absent, in the statement too.
    data: data ?? null,
    claims: claims ?? null,
  };
}

/** The canonical statement, version 1: the bytes under the e-signature. */
export function canonicalStatement(flow) {
  const signed = Object.fromEntries(SIGNED_MEMBERS.map((name) => [name, flow[name] ?? null]));
  return Buffer.from(canonicalize(signed));
}

/** A statement made by a template such as `{reference}.{requestee}.{signedAt}`. */
export function templateStatement(template, flow) {
  return Buffer.from(template.replace(/\{(\w+)\}/g, (_, name) => String(flow[name])));
}

/** A whole ping response; `username` and `app` are there to be ignored by the signature. */
export function pingResponse(flow) {
  return {
    status: 'successful',
    reason: 'Ping successful',
    data: {
      request: { ...flow, app: 'app_03c69c50-7a4a-5baa-ba82-aa81084a149e' },
      username: 'Nobody signs this name',
    },
    cost: 0,
    version: '2.0',
  };
}

/** JSON as PHP's `json_encode` spells it: ASCII only, with escaped solidi. */
export function spellLikePhp(value) {
  return JSON.stringify(value)
    .replaceAll('/', '\\/')
    .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The same value, the members of every object in the opposite order. */
export function reverseMembers(value) {
  if (Array.isArray(value)) {
    return value.map(reverseMembers);
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).reverse();
    return Object.fromEntries(members.map(([name, member]) => [name, reverseMembers(member)]));
  }
  return value;
}
