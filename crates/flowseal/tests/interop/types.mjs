// Values held against the interfaces that a package declares.
//
// The declarations are read where they are installed, so that what is checked is what the vendor
// says in that version. What this reader does not understand it refuses: nothing counts as checked
// that was not.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The declarations of every `.d.ts` below a directory. */
export function declarationsBelow(directory) {
  const names = readdirSync(directory, { recursive: true });
  const files = names.filter((name) => name.endsWith('.d.ts'));
  return declarationsOf(files.map((name) => readFileSync(join(directory, name), 'utf8')).join('\n'));
}

/** Interfaces by name, each with its members, and enumerations with their values. */
export function declarationsOf(text) {
  const bare = text.replaceAll(/\/\*[^]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
  const declarations = new Map();
  for (const [, name, body] of bare.matchAll(/export interface (\w+)\s*\{([^}]*)\}/g)) {
    declarations.set(name, { members: statements(body).map(member) });
  }
  for (const [, name, body] of bare.matchAll(/export declare enum (\w+)\s*\{([^}]*)\}/g)) {
    declarations.set(name, { values: [...body.matchAll(/= "([^"]*)"/g)].map(([, value]) => value) });
  }
  return declarations;
}

function statements(body) {
  return body.split(';').map((line) => line.trim()).filter((line) => line !== '');
}

function member(line) {
  const found = /^'?(\w+)'?(\?)?:\s*(.+)$/.exec(line);
  if (!found) throw new Error(`this member cannot be read: ${line}`);
  const [, name, optional, type] = found;
  return { name, isOptional: optional === '?', type };
}

/** What of a value is not of a type, a sentence each. */
export function strayings(declarations, value, type, at = 'the answer') {
  const is = (kind) => (typeof value === kind ? [] : [`${at} is ${typeof value} and not ${kind}`]);
  if (['string', 'number', 'boolean'].includes(type)) return is(type);

  const [, element] = /^Array<(\w+)>$/.exec(type) ?? [];
  if (element) {
    if (!Array.isArray(value)) return [`${at} is no array`];
    return value.flatMap((one, index) => strayings(declarations, one, element, `${at}[${index}]`));
  }
  const isObject = value !== null && typeof value === 'object' && !Array.isArray(value);
  if (type === 'Record<string, unknown>') return isObject ? [] : [`${at} is no object`];

  const declared = declarations.get(type);
  if (!declared) throw new Error(`${at} is of a type that cannot be read: ${type}`);
  if (declared.values) {
    return declared.values.includes(value) ? [] : [`${at} is none of ${declared.values}`];
  }
  if (!isObject) return [`${at} is no object`];
  return declared.members.flatMap(({ name, isOptional, type }) => {
    if (value[name] !== undefined) return strayings(declarations, value[name], type, `${at}.${name}`);
    return isOptional ? [] : [`${at}.${name} is missing`];
  });
}
