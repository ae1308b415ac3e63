// What the scripts share: a browser that notes every error and foreign request, accessibility, pictures.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { endAll } from './servers.mjs';

export { BIN, ROOT, restartable, serve } from './servers.mjs';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
	'--no-sandbox',
	'--disable-quic',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-default-apps',
	'--disable-sync',
	'--no-first-run',
];
const AXE = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
let browser;

/** What the browser says of a refusal, which is an answer. */
const REFUSED = /the server responded with a status of (400|404|409|501)/;

/** A page on a screen; what it must not do is noted, and checked by `done`: `expected` are the errors that it may tell. */
export async function open(server, path, { width = 1440, scheme = 'light', locale = 'en-GB', ready = 'h1', expected = REFUSED } = {}) {
	browser ??= await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
	const context = await browser.newContext({
		viewport: { width, height: width < 600 ? 844 : 900 },
		colorScheme: scheme,
		locale,
		acceptDownloads: true,
		permissions: ['clipboard-read', 'clipboard-write'],
	});
	// Long enough for a busy machine: every wait is for what is to be seen, and ends as soon as it is.
	context.setDefaultTimeout(120000);
	const page = await context.newPage();
	const wrong = [];
	const own = new URL(server.page).origin;
	page.on('console', (message) => {
		if (message.type() === 'error' && !expected.test(message.text())) wrong.push(message.text());
	});
	page.on('pageerror', (error) => wrong.push(String(error.stack ?? error)));
	page.on('request', (request) => {
		const at = new URL(request.url());
		if (at.origin !== own && at.protocol !== 'blob:' && at.protocol !== 'data:') wrong.push(`foreign request: ${request.url()}`);
	});
	page.on('dialog', (dialog) => dialog.accept());
	await page.goto(`${server.page}#/${path}`);
	await page.waitForSelector(ready);
	page.wrong = wrong;
	page.done = async () => {
		await context.close();
		assert.deepEqual(wrong, [], 'no console error, no foreign request');
	};
	page.settled = async () => {
		await page.waitForFunction(() => !document.querySelector('[aria-busy="true"], .spinner'), null, { timeout: 240000 });
	};
	/** What was changed last is on the screen: its fonts are there, and two frames have been drawn. */
	page.drawn = () =>
		page.evaluate(async () => {
			await document.fonts.ready;
			for (let n = 0; n < 2; n += 1)
				await new Promise((resolve) => {
					requestAnimationFrame(resolve);
				});
		});
	return page;
}

/** Has exceptions answered with so many rows, whatever the server has, and waits until the first of them are drawn. */
export async function manyExceptions(page, n) {
	const rows = Array.from({ length: n }, (_, at) => ({
		exceptionId: `late/P${at}`,
		kind: 'LATE',
		level: 'HIGH',
		order: `SO${at}`,
		line: '1',
		customer: `C${at % 977}`,
		item: `I${at % 113}`,
		days: at % 40,
		value: (at * 7919) % 10007,
		cause: 'a test',
	}));
	await page.route('**/promised.v1.ExceptionService/List', (way) =>
		way.fulfill({ json: { exceptions: rows, total: String(n), groups: [{ key: 'LATE', count: String(n) }] } }),
	);
	await page.reload();
	const grid = page.getByRole('grid', { name: 'exceptions' });
	await grid.locator('tbody tr[role=row]').first().waitFor();
	return grid;
}

/** Accessibility by axe-core: WCAG 2 A and AA. */
export async function axe(page) {
	await page.evaluate(AXE);
	const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }));
	assert.deepEqual(
		found.violations.map(
			(one) =>
				`${one.id}: ${one.nodes
					.slice(0, 3)
					.map((node) => node.html.slice(0, 160))
					.join(' | ')}`,
		),
		[],
		`axe on ${page.url()}`,
	);
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
		return new Promise((resolve) => {
			reader.onload = () => resolve(String(reader.result).split(',')[1]);
			reader.readAsDataURL(blob);
		});
	}, png.toString('base64'));
	return Buffer.from(made, 'base64');
}

/** A screen at 1440 and 390 pixels, light and dark, each clean by axe and not too wide; kept as pictures where PICTURES says
 * so. Without pictures each width and each scheme is looked at once. */
export async function look(page, name) {
	for (const [width, height] of [
		[1440, 900],
		[390, 844],
	]) {
		for (const scheme of process.env.PICTURES ? ['light', 'dark'] : [width < 600 ? 'dark' : 'light']) {
			await page.setViewportSize({ width, height });
			await page.emulateMedia({ colorScheme: scheme });
			await page.drawn();
			await axe(page);
			const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
			assert.ok(wide <= 0, `${name} at ${width}: ${wide} pixels too wide`);
			if (process.env.PICTURES) {
				const folder = process.env.PICTURES === '1' ? new URL('pictures/', import.meta.url).pathname : `${process.env.PICTURES}/`;
				mkdirSync(folder, { recursive: true });
				const png = await page.screenshot();
				writeFileSync(
					`${folder}${name}-${width}-${scheme}.${process.env.PICTURES === '1' ? 'webp' : 'png'}`,
					process.env.PICTURES === '1' ? await webp(page, png) : png,
				);
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
		for (const page of context.pages())
			await page.screenshot({ path: `${folder}${name.replace(/\W+/g, '-').slice(0, 60)}.png` }).catch(() => {});
		await context.close();
	}
}

export async function closeAll() {
	await browser?.close();
	await endAll();
}
