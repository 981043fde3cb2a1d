// Pages that people get, in headless Chromium: no finding of axe-core in light, in dark and in print,
// nothing wider than a narrow screen, nothing fetched, nothing run.
//
// node axe.mjs DIRECTORY [CHROMIUM]
//
// Chromium is spoken to through its own pipe (--remote-debugging-pipe), so that no package between
// has to be believed. The pages' policy is put aside for axe-core, which is a script: what a page
// tried to run would run here as well, and be seen.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [directory, chromium = 'chromium'] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const profile = mkdtempSync(join(tmpdir(), 'flowseal-axe-'));
const browser = spawn(
  chromium,
  ['--headless', '--no-sandbox', '--disable-gpu', '--remote-debugging-pipe', `--user-data-dir=${profile}`],
  { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
);

const waiting = new Map();
const listeners = new Set();
let last = 0;
let unread = '';
browser.stdio[4].setEncoding('utf8').on('data', (chunk) => {
  const messages = (unread + chunk).split('\0');
  unread = messages.pop();
  for (const message of messages.map((text) => JSON.parse(text))) {
    const { resolve, reject } = waiting.get(message.id) ?? {};
    if (resolve) {
      waiting.delete(message.id);
      message.error ? reject(new Error(message.error.message)) : resolve(message.result);
    }
    listeners.forEach((listen) => listen(message));
  }
});

function call(method, params = {}, sessionId) {
  last += 1;
  browser.stdio[3].write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
  return new Promise((resolve, reject) => waiting.set(last, { resolve, reject }));
}

/** The findings on one page. */
async function findings(file) {
  const url = pathToFileURL(file).href;
  const { targetId } = await call('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
  const here = (method, params) => call(method, params, sessionId);
  const found = [];
  let loaded;
  const load = new Promise((resolve) => (loaded = resolve));
  const listen = (message) => {
    if (message.sessionId !== sessionId) return;
    const { method, params } = message;
    if (method === 'Page.loadEventFired') loaded();
    if (method === 'Page.javascriptDialogOpening') {
      found.push(`it ran a script: ${params.message}`);
      here('Page.handleJavaScriptDialog', { accept: true });
    }
    if (method === 'Network.requestWillBeSent' && params.request.url !== url) {
      found.push(`it fetched ${params.request.url}`);
    }
  };
  listeners.add(listen);
  await here('Page.enable');
  await here('Network.enable');
  await here('Page.setBypassCSP', { enabled: true });
  await here('Page.navigate', { url });
  await load;

  const evaluate = async (expression) => {
    const params = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await here('Runtime.evaluate', params);
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? 'a script failed');
    return result.value;
  };
  await evaluate(axe);
  for (const [media, scheme, width] of [
    ['screen', 'light', 1200],
    ['screen', 'dark', 1200],
    ['screen', 'light', 400],
    ['print', 'light', 800],
  ]) {
    const features = [{ name: 'prefers-color-scheme', value: scheme }];
    await here('Emulation.setEmulatedMedia', { media, features });
    const metrics = { width, height: 900, deviceScaleFactor: 1, mobile: false };
    await here('Emulation.setDeviceMetricsOverride', metrics);
    const where = `${media}, ${scheme}, ${width} pixels`;
    const wide = await evaluate('document.documentElement.scrollWidth - innerWidth');
    if (wide > 0) found.push(`${where}: ${wide} pixels too wide`);
    // It cannot tell what lies behind text in a drawing: benches/report computes those contrasts.
    const broken = await evaluate(`axe.run({ exclude: ['svg.chart text'] }).then(({ violations, incomplete }) =>
      [...violations, ...incomplete].map(({ id, help, nodes }) =>
        id + ': ' + help + ' ' + nodes.map(({ target }) => target).join(' ')))`);
    found.push(...broken.map((finding) => `${where}: ${finding}`));
  }
  listeners.delete(listen);
  await call('Target.closeTarget', { targetId });
  return found;
}

let failed = 0;
try {
  const pages = readdirSync(directory).filter((name) => name.endsWith('.html')).sort();
  if (pages.length === 0) throw new Error(`no page in ${directory}`);
  for (const page of pages) {
    const found = await findings(resolve(directory, page));
    console.log(`${found.length ? 'FAILED' : 'ok'} ${page}`);
    found.forEach((finding) => console.log(`  ${finding}`));
    failed += found.length;
  }
} finally {
  browser.kill();
  await new Promise((resolve) => browser.on('exit', resolve));
  rmSync(profile, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
