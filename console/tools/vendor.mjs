// Makes vendor/preact.js and vendor/uplot.js anew out of the pinned packages, each as one minified module, and their licences.
import { build } from 'esbuild';
import { readFileSync, writeFileSync } from 'node:fs';

const here = new URL('..', import.meta.url);
const licence = (name) => readFileSync(new URL(`node_modules/${name}`, here), 'utf8').replace(/\*\//g, '* /').trim();
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
    bundle: true, minify: true, format: 'esm', target: 'es2022', legalComments: 'none',
    outfile: new URL(`vendor/${out}`, here).pathname,
    banner: { js: `/* ${banner}; licences: LICENSES.txt. Made by tools/vendor.mjs; do not edit. */` },
  });
}

const version = (name) => `${name} ${JSON.parse(licence(`${name}/package.json`)).version}`;
const apache = 'Copyright 2018 Google Inc. Licensed under the Apache License, Version 2.0; you may obtain a copy at\nhttp://www.apache.org/licenses/LICENSE-2.0 . Distributed on an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND.';
const texts = ['preact', '@preact/signals', 'uplot'].map((name) => `${version(name)}, MIT\n${licence(`${name}/LICENSE`)}\n`);
writeFileSync(new URL('vendor/LICENSES.txt', here), [...texts, `${version('htm')}, Apache-2.0\n${apache}\n`].join('\n'));
await bundle(ours, 'preact.js', [version('preact'), version('@preact/signals'), version('htm')].join(', '));

// Our axis counts days: what uPlot has for instants, logarithms, splines, its legend, selection, bands, points and company of several are left out. Each cut must be found.
/** @type {[RegExp, string][]} */
const cuts = [
  ...['tzDate ', 'fmtDate', 'timeAxisSplits', 'timeAxisVals  ', 'timeSeriesVal '].map((name) => /** @type {[RegExp, string]} */ ([new RegExp(`const _${name} = .*;\n`), `const _${name.trim()} = null;\n`])),
  [/isTime \? \(isStr\(sv\) \? timeSeriesVal\(.*?\) : sv \|\| _timeSeriesVal\) : sv \|\| numSeriesVal/, 'sv || numSeriesVal'],
  [/timeAxisVals\(_tzDate, timeAxisStamps\(av, _fmtDate\)\)/, 'av'], [/timeAxisVal\(_tzDate, av\)/, 'av'],
  [/const showLegend = legend\.show;/, 'const showLegend = false;'], [/isTime && sc\.distr == 1 \? _timeAxisSplits : sc\.distr == 3 \? logAxisSplits : sc\.distr == 4 \? asinhAxisSplits : numAxisSplits/, 'numAxisSplits'],
  [/sc\.distr >= 3 && sc\.log == 10 \? log10AxisValsFilt : sc\.distr == 3 && sc\.log == 2 \? log2AxisValsFilt : retArg1/, 'retArg1'],
  [/uPlot\.fmtDate = fmtDate;/, ''], [/uPlot\.tzDate  = tzDate;/, ''], [/\(paths\.spline  = monotoneCubic\);/, ''], [/uPlot\.join = join;/, ''],
  [/if \(select\.show && dragging\) \{/, 'if (false) {'], [/const cursorOnePt = .*;/, 'const cursorOnePt = false;'], [/hasSelect && chgSelect && setSelect\(select\);/, ''], [/if \(drag\.setScale && hasSelect && chgSelect\) \{/, 'if (false) {'],
  [/sc\.distr == 3 \? snapLogX : sc\.distr == 4 \? snapAsinhX : snapNumX/, 'snapNumX'], [/sc\.distr == 3 \? snapLogY : sc\.distr == 4 \? snapAsinhY : snapNumY/, 'snapNumY'],
  [/if \(xScaleDistr == 3\)\s+\[_min, _max\] = rangeLog\(.*\);\s+else if \(xScaleDistr == 4\)\s+\[_min, _max\] = rangeAsinh\(.*\);\s+else if \(scaleX\.time\)\s+.*;\s+else/, ''],
  [/show: seriesPointsShow,/, 'show: false,'], [/const pointsPath = points\(\) ?;/, 'const pointsPath = null;'], [/if \(bandClipDir != 0\) \{/g, 'if (false) {'], [/let \[ bandFillDir, bandClipDir \] = .*;/g, 'let bandFillDir = 0;'],
  [/const sync = _sync\(syncKey\);/, ''], [/if \(syncOpts\.filters\.pub\(.*\)\)\s+sync\.pub\(.*\);/, ''], [/sync\.sub\(self\);/, ''], [/sync\.unsub\(self\);/, ''], [/uPlot\.sync = _sync;/, ''],
  [/const cursorFocus = .*;/, 'const cursorFocus = false;'], [/const \[ timeIncrsMs, .*\n.*genTimeStuffs\(1e-3\);/, ''], [/isTime \? \(ms == 1 \? timeIncrsMs : timeIncrsS\) : numIncrs/, 'numIncrs'],
  [/uPlot\.addGap = addGap;/, ''], [/uPlot\.clipGaps = clipGaps;/, ''], [/uPlot\.rangeLog = rangeLog;/, ''], [/uPlot\.rangeAsinh = rangeAsinh;/, ''],
];
const whole = readFileSync(new URL('node_modules/uplot/dist/uPlot.esm.js', here), 'utf8');
const plot = cuts.reduce((text, [part, instead]) => {
  if (!part.test(text)) throw new Error(`uPlot has no ${part} any more`);
  return text.replace(part, instead);
}, whole);
await bundle(plot, 'uplot.js', `${version('uplot')} without instants, logarithms, splines, legend, selection, bands, points, company`);
