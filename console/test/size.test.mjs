// The budget: 400 kB raw in all, 110 of them vendored; modules of at most 250 lines. Over the wire: tests/suite/http/console.rs.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const here = new URL('../', import.meta.url);
const files = ['', 'screens/', 'texts/', 'vendor/'].flatMap((folder) => readdirSync(new URL(folder || '.', here)).filter((name) => /\.(js|css|html|svg)$/.test(name)).map((name) => folder + name));
const bytes = (name) => readFileSync(new URL(name, here));
const sum = (names, of) => names.reduce((all, name) => all + of(bytes(name)).length, 0);

test('size', () => {
  const raw = sum(files, (one) => one);
  const vendored = sum(files.filter((name) => name.startsWith('vendor/')), (one) => one);
  console.log(`raw ${raw}, vendored ${vendored}`);
  assert.ok(raw <= 400_000 && vendored <= 110_000);
});

test('modules are short, say what they are, and name no other address', () => {
  for (const name of files.filter((one) => !one.startsWith('vendor/') && one.endsWith('.js'))) {
    const text = String(bytes(name));
    assert.ok(text.startsWith('// '), `${name}: its first line says what it is`);
    assert.ok(name.startsWith('texts/') || text.split('\n').length <= 250, `${name} is long`);
    assert.ok(!/https?:\/\//.test(text) && !/innerHTML|\beval\(/.test(text), `${name}: another address, or markup from text`);
  }
});
