// Usage: node peers.mjs OUT_DIR [--without-openssl]
//
// Writes keys, flows and `manifest.json` into OUT_DIR, whose earlier content is removed. README.md
// describes the manifest.

import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { SIGNED_AT } from './flow.mjs';
import { NIN, makeKeys } from './keys.mjs';
import { openedCases } from './opened.mjs';
import { refusedCases } from './refused.mjs';

/** Marks a directory as this program's, also where a run was interrupted. */
const MARK = '.written-by-peers';

function main() {
  const [directory, ...flags] = process.argv.slice(2);
  if (!directory || flags.some((flag) => flag !== '--without-openssl')) {
    console.error('usage: node peers.mjs OUT_DIR [--without-openssl]');
    process.exit(2);
  }
  const machine = { withOpenssl: !flags.includes('--without-openssl') };

  emptyDirectory(directory);
  const keys = makeKeys(directory);
  const manifest = [];
  for (const generate of [openedCases, refusedCases]) {
    for (const drafted of generate(keys, machine)) {
      manifest.push(writeCase(directory, drafted));
    }
  }
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify(manifest, null, 2));
  console.log(`${manifest.length} cases in ${directory}`);
}

/** Writes the flow of a case and returns what the manifest says of it. */
function writeCase(directory, drafted) {
  const { name, response, json = JSON.stringify(response), appKey, userKey, ...rest } = drafted;
  const flow = `${name.replaceAll('/', '-')}.json`;
  // A case that overwrote another's flow would pass for both.
  writeFileSync(join(directory, flow), json, { flag: 'wx' });
  return {
    name,
    flow,
    app_key: appKey,
    user_key: userKey,
    requestee: NIN,
    now: SIGNED_AT + 60,
    ...rest,
  };
}

/** Starts afresh, but never in a directory that this program did not write. */
function emptyDirectory(directory) {
  if (existsSync(directory) && readdirSync(directory).length > 0) {
    if (!existsSync(join(directory, MARK))) {
      throw new Error(`${directory} is not empty and has no ${MARK}: not mine to remove`);
    }
    rmSync(directory, { recursive: true });
  }
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, MARK), '');
}

main();
