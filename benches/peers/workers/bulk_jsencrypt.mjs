// What people write today: a loop over a file of flows. `benches/examples/loops.rs` runs it.

import { createPublicKey, verify } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(`${process.env.FLOWSEAL_PEERS_NODE_MODULES}/`);
const JSEncrypt = require('node-jsencrypt');
const { version } = require('node-jsencrypt/package.json');

const SIGNED = ['reference', 'requester', 'requestee', 'mode', 'iat', 'signedAt', 'data', 'claims'];

// RFC 8785, as far as these flows need it.
function canonical(value) {
  if (typeof value !== 'object') return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`;
}

function opened(node, app) {
  if (typeof node === 'string') return JSON.parse(app.decrypt(node));
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, opened(value, app)]));
}

function row(number, line, app, user) {
  const flow = JSON.parse(line).data.request;
  const members = SIGNED.filter((name) => flow[name] !== undefined && flow[name] !== null);
  const signed = Object.fromEntries(members.map((name) => [name, flow[name]]));
  const { reference } = flow;
  const signature = Buffer.from(flow.signature, 'base64');
  if (!verify('sha256', Buffer.from(canonical(signed)), user, signature)) {
    const code = 'signature_invalid';
    return { line: number, reference, trust: 'none', verified: false, code, claims: null };
  }
  const claims = opened(flow.claims, app);
  return { line: number, reference, trust: 'signed', verified: true, code: null, claims };
}

const [source, target, appFile, userFile, count] = process.argv.slice(2);
const app = new JSEncrypt();
app.setPrivateKey(readFileSync(appFile, 'utf8'));
const user = createPublicKey(readFileSync(userFile));
const [clock, processor] = [process.hrtime.bigint(), process.cpuUsage()];
const lines = readFileSync(source, 'utf8').split('\n').slice(0, Number(count));
const rows = lines.map((line, at) => JSON.stringify(row(at + 1, line, app, user)));
writeFileSync(target, `${rows.join('\n')}\n`);
const { user: own, system } = process.cpuUsage(processor);
const seconds = Number(process.hrtime.bigint() - clock) / 1e9;
const name = `a loop over node-jsencrypt ${version} (node ${process.versions.node})`;
console.log([name, seconds, (own + system) / 1e6].join('\t'));
