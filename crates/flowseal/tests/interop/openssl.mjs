// The `openssl` command: the one peer here that is not JavaScript.

import { execFileSync } from 'node:child_process';

/** Runs `openssl` and returns its standard output. Its words are shown only when it fails. */
export function openssl(args, input) {
  return execFileSync('openssl', args, { input, stdio: ['pipe', 'pipe', 'pipe'] });
}
