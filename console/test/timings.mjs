// How fast the console is, in Chromium: first paint, a hundred thousand rows, a keystroke, a drag. No test: it prints figures.
// PROMISED_BIN=target/release/promised npm run timings
import { closeAll, manyExceptions, open, serve } from './lib.mjs';

const median = (all) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)];
const told = (name, all, at) =>
	console.log(`${name}: median ${median(all).toFixed(0)} ms, worst ${Math.max(...all).toFixed(0)} ms of ${all.length} (at most ${at} ms)`);

/** First contentful paint, and when the first figure of Today is there; nothing is kept from visit to visit. */
async function paint(server) {
	const [first, figures] = [[], []];
	for (let n = 0; n < 7; n += 1) {
		const page = await open(server, 'today', { ready: '.tile-value' });
		await page.waitForFunction(() => [...document.querySelectorAll('.tile-value')].some((one) => /16.058/.test(one.textContent)));
		const at = await page.evaluate(() => ({
			paint: performance.getEntriesByName('first-contentful-paint')[0].startTime,
			figures: performance.now(),
		}));
		if (n) {
			first.push(at.paint);
			figures.push(at.figures);
		}
		await page.done();
	}
	told('first paint of Today, AdventureWorks with its orders', first, 500);
	told('its figures are there', figures, 500);
}

/** Frames while a hundred thousand rows are scrolled, and what a keystroke in a filter takes until its rows are drawn. */
async function rows(server) {
	const page = await open(server, 'exceptions');
	await manyExceptions(page, 100000);
	for (const [name, step] of [
		['by the wheel', 120],
		['by leaps', 52000],
	]) {
		const frames = await page.evaluate(async (by) => {
			const area = document.querySelector('.scroll');
			area.scrollTop = 0;
			const all = [];
			let before = performance.now();
			for (let n = 0; n < 60; n += 1) {
				area.scrollTop += by;
				await new Promise((resolve) => {
					requestAnimationFrame(resolve);
				});
				all.push(performance.now() - before);
				before = performance.now();
			}
			return all.slice(1);
		}, step);
		told(`a frame of 100,000 rows, scrolled ${name}`, frames, 50);
	}
	await page.getByRole('button', { name: 'Filter', exact: true }).click();
	const keys = await page.evaluate(async () => {
		const field = document.querySelector('input[aria-label="Filter Customer"]');
		const all = [];
		for (const text of ['C', 'C9', 'C97', 'C976', 'C97', 'C9', 'C']) {
			const began = performance.now();
			field.value = text;
			field.dispatchEvent(new Event('input', { bubbles: true }));
			await new Promise((resolve) => {
				requestAnimationFrame(() => setTimeout(resolve));
			});
			all.push(performance.now() - began);
		}
		return all;
	});
	told('a keystroke in a filter of 100,000 rows', keys, 50);
	await page.done();
}

/** From a keystroke in the finder until what it finds is listed; no screen is called so. */
async function finder(server) {
	const page = await open(server, 'today');
	await page.settled();
	await page.keyboard.press('Control+k');
	const all = await page.evaluate(async () => {
		const field = document.querySelector('dialog [role=combobox]');
		const times = [];
		for (const text of ['HL', 'CA-', 'RD-', 'FR-M', 'BK-M82S', 'WB', 'SO7']) {
			const isListed = () => [...document.querySelectorAll('dialog [role=option] b')].some((one) => one.textContent.includes(text));
			const began = performance.now();
			const listed = new Promise((resolve) => {
				new MutationObserver((_, watch) => {
					if (!isListed()) return;
					watch.disconnect();
					resolve(performance.now() - began);
				}).observe(field.closest('dialog'), { childList: true, subtree: true, characterData: true });
			});
			field.value = text;
			field.dispatchEvent(new Event('input', { bubbles: true }));
			times.push(await listed);
		}
		return times;
	});
	told('a keystroke in the finder, until what it finds is listed', all, 50);
	await page.done();
}

/** From a step of a drag until it is said who is hurt. */
async function drag(server) {
	const page = await open(server, 'item/BK-M82S-42?days=60');
	const handle = page.getByRole('button', { name: /^Move WO-72501/ });
	await handle.focus();
	const all = [];
	for (let n = 0; n < 8; n += 1) {
		await page.keyboard.press('ArrowRight');
		await page.waitForFunction(
			(days) => new RegExp(` ${days} days? later`).test(document.querySelector('.preview h2')?.textContent ?? ''),
			n + 1,
		);
		all.push(Number((await page.locator('.preview .took').innerText()).replace(/\D/g, '')));
	}
	told('a drag by a day, until it is said who is hurt', all, 100);
	await page.done();
}

await paint(await serve('adventureworks', { orders: true }));
await rows(await serve('allocation-demo', { orders: true }));
await finder(await serve('adventureworks', { orders: true }));
await drag(await serve('allocation-demo', { orders: true }));
await closeAll();
