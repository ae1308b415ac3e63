// What the scripts share: a server on a free port, a browser that notes every error and foreign request, pictures.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

export const ROOT = new URL('../../', import.meta.url).pathname;
export const BIN = process.env.PROMISED_BIN ?? `${process.env.CARGO_TARGET_DIR ?? `${ROOT}target`}/debug/promised`;
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-default-apps', '--disable-sync', '--no-first-run'];
const AXE = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const run = promisify(execFile);

/** All servers that are up, by what they serve. */
const servers = new Map();
let browser;

/** All processes that were started and live: none is left behind, whatever becomes of a script. */
const children = new Set();
process.on('exit', () => { for (const child of children) child.kill('SIGKILL'); });
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => process.exit(1));
// A runner that was killed says nothing: then somebody else is our parent.
const runner = process.ppid;
setInterval(() => { if (process.ppid !== runner) process.exit(1); }, 1000).unref();

/** Ends a process, and waits until it has: one that does not go is killed. */
function end(child, signal = 'SIGTERM') {
  if (!children.has(child)) return Promise.resolve();
  return new Promise((resolve) => {
    const late = setTimeout(() => child.kill('SIGKILL'), 8000);
    child.on('exit', () => { clearTimeout(late); resolve(); });
    child.kill(signal);
  });
}

/** Starts `promised serve` and reads the address that it prints. */
async function start(snapshot, more = []) {
  const child = spawn(BIN, ['serve', ...(snapshot ? [`${ROOT}snapshots/${snapshot}`] : []), ...(more.includes('--listen') ? [] : ['--listen', '127.0.0.1:0']), ...more], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  child.on('exit', () => children.delete(child));
  const lines = createInterface({ input: child.stdout });
  const address = await new Promise((resolve, reject) => {
    lines.on('line', (line) => { const found = /serving .* on (127\.0\.0\.1:\d+)/.exec(line); if (found) resolve(found[1]); });
    child.on('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
  return { child, address };
}

/** The files of this folder before a server that has others or none: for those who work on screens (CONSOLE_FILES=1). */
async function before(url) {
  const kinds = { html: 'text/html', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml' };
  const proxy = http.createServer((request, answer) => {
    const path = request.url.split('?')[0];
    if (path.startsWith('/console/')) {
      const name = path.slice(9) || 'index.html';
      try {
        const bytes = readFileSync(new URL(`../${name}`, import.meta.url));
        answer.writeHead(200, { 'content-type': kinds[name.split('.').pop()] ?? 'text/plain', 'content-security-policy': "default-src 'self'; base-uri 'none'; form-action 'none'" });
        answer.end(bytes);
      } catch { answer.writeHead(404); answer.end(); }
      return;
    }
    const on = http.request(`${url}${request.url}`, { method: request.method, headers: { ...request.headers, host: new URL(url).host, origin: url, referer: `${url}/console/` } }, (told) => { answer.writeHead(told.statusCode, told.headers); told.pipe(answer); told.on('close', () => answer.destroy()); });
    answer.on('close', () => on.destroy());
    on.on('error', () => answer.destroy());
    request.pipe(on);
  });
  await new Promise((resolve) => { proxy.listen(0, '127.0.0.1', resolve); });
  proxy.unref();
  return `http://127.0.0.1:${proxy.address().port}`;
}
const front = (url) => (process.env.CONSOLE_FILES ? before(url) : url);

/** A server of a snapshot; with `orders` the whole order stream is promised first. One each, kept for all scripts. */
export async function serve(snapshot, { orders = false, own = false } = {}) {
  const key = `${snapshot} ${orders}`;
  if (!own && servers.has(key)) return servers.get(key);
  /** One that is up already may be named, such as {"adventureworks true":"127.0.0.1:50051"}: for those who work on screens. */
  const there = !own && JSON.parse(process.env.CONSOLE_SERVERS ?? '{}')[key];
  const { child, address } = there ? { child: null, address: there } : await start(snapshot);
  const url = `http://${address}`;
  const server = {
    url, address, snapshot,
    page: `${await front(url)}/console/`,
    /** What the command line answers to the same question. */
    cli: async (...args) => { const { stdout } = await run(BIN, args.includes('--server') || args.includes('--commit=false') ? args : [...args, '--server', url], { cwd: ROOT, maxBuffer: 1 << 28 }); return stdout; },
    ask: (method, body) => post(url, method, body),
    stop: () => end(child),
  };
  if (orders && !there) await server.cli('promise', `snapshots/${snapshot}`, `snapshots/${snapshot}/orders.csv`);
  if (!own) servers.set(key, there ? { ...server, stop: async () => {} } : server);
  return server;
}

/** A server that can be killed and started again on the same port and data directory. */
export async function restartable(snapshot, data) {
  let { child, address } = await start(snapshot, ['--data', data]);
  const port = address.split(':')[1];
  return {
    page: `${await front(`http://${address}`)}/console/`,
    ask: (method, body) => post(`http://${address}`, method, body),
    kill: () => end(child, 'SIGKILL'),
    again: async () => { ({ child } = await start('', ['--data', data, '--listen', `127.0.0.1:${port}`])); },
    stop: () => end(child),
  };
}

function post(url, method, body) {
  return new Promise((resolve, reject) => {
    const request = http.request(`${url}/promised.v1.${method}`, { method: 'POST', headers: { 'content-type': 'application/json' } }, (answer) => {
      let text = '';
      answer.on('data', (part) => { text += part; });
      answer.on('end', () => { const told = JSON.parse(text || '{}'); if (answer.statusCode === 200) resolve(told); else reject(Object.assign(new Error(told.message), told)); });
    });
    request.on('error', reject);
    request.end(JSON.stringify(body));
  });
}

/** A page on a screen; what it must not do is noted, and checked by `done`. */
export async function open(server, path, { width = 1440, scheme = 'light', locale = 'en-GB', ready = 'h1' } = {}) {
  browser ??= await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  const context = await browser.newContext({ viewport: { width, height: width < 600 ? 844 : 900 }, colorScheme: scheme, locale, acceptDownloads: true, permissions: ['clipboard-read', 'clipboard-write'] });
  // Long enough for a busy machine: every wait is for what is to be seen, and ends as soon as it is.
  context.setDefaultTimeout(120000);
  const page = await context.newPage();
  const wrong = [];
  const own = new URL(server.page).origin;
  page.on('console', (message) => { if (message.type() === 'error' && !(page.expected ?? /the server responded with a status of (400|404|409|501)/).test(message.text())) wrong.push(message.text()); });
  page.on('pageerror', (error) => wrong.push(String(error.stack ?? error)));
  page.on('request', (request) => { const at = new URL(request.url()); if (at.origin !== own && at.protocol !== 'blob:' && at.protocol !== 'data:') wrong.push(`foreign request: ${request.url()}`); });
  page.on('dialog', (dialog) => dialog.accept());
  await page.goto(`${server.page}#/${path}`);
  await page.waitForSelector(ready);
  page.wrong = wrong;
  page.done = async () => { await context.close(); assert.deepEqual(wrong, [], 'no console error, no foreign request'); };
  page.settled = async () => { await page.waitForFunction(() => !document.querySelector('[aria-busy="true"], .spinner'), null, { timeout: 240000 }); };
  return page;
}

/** Accessibility by axe-core: WCAG 2 A and AA. */
export async function axe(page) {
  await page.evaluate(AXE);
  const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }));
  assert.deepEqual(found.violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`), [], `axe on ${page.url()}`);
}

/** Bytes of a picture as WebP, made by the browser itself. */
async function webp(page, png) {
  const made = await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    canvas.getContext('2d').drawImage(picture, 0, 0);
    const blob = await canvas.convertToBlob({ type: 'image/webp', quality: 0.72 });
    const reader = new FileReader();
    return new Promise((resolve) => { reader.onload = () => resolve(String(reader.result).split(',')[1]); reader.readAsDataURL(blob); });
  }, png.toString('base64'));
  return Buffer.from(made, 'base64');
}

/** A screen at 1440 and 390 pixels, light and dark, each clean by axe and not too wide; kept as pictures where PICTURES says
 * so. Without pictures each width and each scheme is looked at once. */
export async function look(page, name) {
  for (const [width, height] of [[1440, 900], [390, 844]]) {
    for (const scheme of process.env.PICTURES ? ['light', 'dark'] : [width < 600 ? 'dark' : 'light']) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme: scheme });
      await page.waitForTimeout(250);
      await axe(page);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${name} at ${width}: ${wide} pixels too wide`);
      if (process.env.PICTURES) {
        const folder = process.env.PICTURES === '1' ? new URL('pictures/', import.meta.url).pathname : `${process.env.PICTURES}/`;
        mkdirSync(folder, { recursive: true });
        const png = await page.screenshot();
        writeFileSync(`${folder}${name}-${width}-${scheme}.${process.env.PICTURES === '1' ? 'webp' : 'png'}`, process.env.PICTURES === '1' ? await webp(page, png) : png);
      }
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
}

/** Pictures of the pages that a failing script leaves open. */
export async function failed(name) {
  const folder = new URL('pictures/failed/', import.meta.url).pathname;
  mkdirSync(folder, { recursive: true });
  for (const context of browser?.contexts() ?? []) {
    for (const page of context.pages()) await page.screenshot({ path: `${folder}${name.replace(/\W+/g, '-').slice(0, 60)}.png` }).catch(() => {});
    await context.close();
  }
}

export async function closeAll() {
  await browser?.close();
  await Promise.all([...children].map((child) => end(child)));
}
