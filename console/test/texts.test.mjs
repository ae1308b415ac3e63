// Every text of the console has its German and its Turkish, with the same holes to fill.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import table from '../texts/table.js';

const here = new URL('../', import.meta.url);
const rows = new Map(
	table
		.replaceAll('\n\t', ' ')
		.split('\n')
		.filter(Boolean)
		.map((line) => line.split(' ~ '))
		.map((row) => [row[0], row]),
);
const files = [...readdirSync(here), ...readdirSync(new URL('screens/', here)).map((name) => `screens/${name}`)].filter((name) =>
	name.endsWith('.js'),
);
const holes = (text) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join();

test('every text is in the table', () => {
	const lacking = files.flatMap((name) =>
		[...readFileSync(new URL(name, here), 'utf8').matchAll(/\bt\(\s*'((?:[^'\\]|\\.)*)'/g)]
			.map((found) => found[1])
			.filter((text) => !rows.has(text))
			.map((text) => `${name}: ${text}`),
	);
	assert.deepEqual(lacking, []);
});
test('every row has three columns with the same holes', () => {
	for (const row of rows.values()) {
		assert.equal(row.length, 3, row[0]);
		for (const other of row.slice(1)) assert.equal(holes(other), holes(row[0]), row[0]);
	}
});
