// Makes vendor/preact.js anew out of the pinned packages, as one minified module, and their licences.
import { build } from 'esbuild';
import { readFileSync, writeFileSync } from 'node:fs';

const here = new URL('..', import.meta.url);
const licence = (name) =>
	readFileSync(new URL(`node_modules/${name}`, here), 'utf8')
		.replace(/\*\//g, '* /')
		.trim();
const ours = `
export { render } from 'preact';
export { useState, useEffect, useLayoutEffect, useRef, useMemo, useErrorBoundary } from 'preact/hooks';
export { signal, computed, effect } from '@preact/signals';
import { h } from 'preact';
import htm from 'htm';
export const html = htm.bind(h);
`;

async function bundle(contents, out, banner) {
	await build({
		stdin: { contents, resolveDir: here.pathname },
		bundle: true,
		minify: true,
		format: 'esm',
		target: 'es2022',
		legalComments: 'none',
		outfile: new URL(`vendor/${out}`, here).pathname,
		banner: { js: `/* ${banner}; licences: LICENSES.txt. Made by tools/vendor.mjs; do not edit. */` },
	});
}

const version = (name) => `${name} ${JSON.parse(licence(`${name}/package.json`)).version}`;
const apache = [
	'Copyright 2018 Google Inc. Licensed under the Apache License, Version 2.0; you may obtain a copy at',
	'http://www.apache.org/licenses/LICENSE-2.0 . Distributed on an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND.',
].join('\n');
const texts = ['preact', '@preact/signals'].map((name) => `${version(name)}, MIT\n${licence(`${name}/LICENSE`)}\n`);
writeFileSync(new URL('vendor/LICENSES.txt', here), [...texts, `${version('htm')}, Apache-2.0\n${apache}\n`].join('\n'));
await bundle(ours, 'preact.js', [version('preact'), version('@preact/signals'), version('htm')].join(', '));
