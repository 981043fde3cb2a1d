// RFC 8785, the JSON Canonicalization Scheme, as far as a flow needs it.
//
// JavaScript is the scheme's mother tongue: `JSON.stringify` spells strings as the RFC wants them,
// and the default sort compares UTF-16 code units. That makes this file short, and independent of
// the Rust implementation which it checks.

/** The canonical text of a parsed JSON value. A member that is `null` counts as absent. */
export function canonicalize(value) {
  if (Array.isArray(value)) {
    return `[${value.map(canonicalize).join(',')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.keys(value)
      .filter((name) => value[name] !== null)
      .sort()
      .map((name) => `${JSON.stringify(name)}:${canonicalize(value[name])}`);
    return `{${members.join(',')}}`;
  }
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new RangeError(`a signed number must be an integer that a double holds exactly: ${value}`);
  }
  return JSON.stringify(value);
}
