// Habits that hold on every screen: the finder, the address, languages, keyboard, the server going away.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { look, manyExceptions, open, restartable, serve } from '../lib.mjs';

export default {
	'Ctrl-K finds a screen and an order line': async () => {
		const server = await serve('adventureworks', { orders: true });
		const page = await open(server, 'today');
		await page.keyboard.press('Control+k');
		await page.getByRole('dialog').getByRole('combobox').fill('Backl');
		await page.keyboard.press('Enter');
		await page.getByRole('heading', { name: 'Backlog' }).waitFor();
		await page.keyboard.press('Control+k');
		await page.getByRole('dialog').getByRole('combobox').fill('SO71824/17');
		await page.keyboard.press('Enter');
		await page.getByRole('heading', { name: 'SO71824/17' }).waitFor();
		await page.keyboard.press('Control+k');
		await page.getByRole('dialog').getByRole('combobox').fill('Mountain-100 Silver, 42');
		await page.getByRole('option', { name: /BK-M82S-42/ }).waitFor();
		await look(page, 'find');
		await page.keyboard.press('Enter');
		await page.getByRole('heading', { name: 'BK-M82S-42' }).waitFor();
		await page.goBack();
		await page.getByRole('heading', { name: 'SO71824/17' }).waitFor();
		await page.keyboard.press('Control+k');
		await page.getByRole('dialog').getByRole('combobox').fill('BK-M82S-42@PLANT');
		await page.keyboard.press('Enter');
		await page.waitForFunction(() => /item\/BK-M82S-42\?location=PLANT/.test(location.hash));
		await page.done();
	},
	'German and Turkish, with their numbers and dates': async () => {
		const server = await serve('adventureworks', { orders: true });
		const german = await open(server, 'today?lang=de');
		await german.getByRole('link', { name: 'Zusagen', exact: true }).waitFor();
		assert.equal(await german.evaluate(() => document.documentElement.lang), 'de');
		await german.locator('.tile', { hasText: '16.058' }).first().waitFor();
		await german.settled();
		await look(german, 'today-de');
		await german.done();
		const turkish = await open(server, 'ask?lang=tr&item=BK-M82S-42&qty=2&date=2014-04-20&asked=1');
		await turkish.getByRole('button', { name: 'Kontrol et' }).waitFor();
		await turkish.settled();
		await look(turkish, 'ask-tr');
		await turkish.done();
	},
	'a day is typed as its reader writes it, and what cannot be read is said at once': async () => {
		const server = await serve('allocation-demo', { orders: true });
		const german = await open(server, 'ask?lang=de', { locale: 'de-DE' });
		await german.getByLabel('Datum').fill('20.4.14');
		await german.keyboard.press('Tab');
		await german.waitForFunction(() => /date=2014-04-20/.test(location.hash));
		assert.equal(await german.getByLabel('Datum').inputValue(), '20.04.2014');
		await german.getByLabel('Datum').fill('morgen');
		await german.getByText('So schreibt sich kein Tag').waitFor();
		await german.done();
		const american = await open(server, 'ask?date=2014-04-20', { locale: 'en-US' });
		assert.equal(await american.getByLabel('Date').inputValue(), '04/20/2014');
		await american.done();
	},
	'an error says what to do, and an unknown screen too': async () => {
		const server = await serve('allocation-demo', { orders: true });
		const page = await open(server, 'promises?query=nonsense%3D1');
		await page.getByRole('alert').filter({ hasText: 'nonsense' }).waitFor();
		await page.getByRole('button', { name: 'Ask again' }).waitFor();
		await page.evaluate(() => {
			location.hash = '#/today?scenario=S1-99';
		});
		await page.getByText('This scenario has ended').first().waitFor();
		await page.getByRole('link', { name: 'Back to live' }).first().click();
		await page.locator('.tile', { hasText: 'Promised lines' }).filter({ hasText: '8' }).waitFor();
		await page.evaluate(() => {
			location.hash = '#/nowhere';
		});
		await page.getByRole('heading', { name: 'There is no such screen' }).waitFor();
		await page.done();
	},
	'by keyboard alone: to the list, down two rows, open': async () => {
		const server = await serve('allocation-demo', { orders: true });
		const page = await open(server, 'promises');
		await page.getByRole('grid').locator('tbody tr[role=row]').first().waitFor();
		await page.locator('.scroll').focus();
		await page.keyboard.press('ArrowDown');
		await page.keyboard.press('ArrowDown');
		await page.keyboard.press('Enter');
		await page.waitForFunction(() => /#\/promise\//.test(location.hash));
		await page.done();
	},
	'the server is killed under it: what I typed stays, and it goes on by itself': async () => {
		const data = mkdtempSync(`${tmpdir()}/console-`);
		const server = await restartable('allocation-demo', data);
		const page = await open(server, 'ask?item=BK-M82S-42&qty=2&date=2014-04-20', {
			expected: /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|status of (400|404|500|502|503)/,
		});
		await page.getByLabel('Customer').fill('AW0000');
		await server.kill();
		await page.getByRole('button', { name: 'Check' }).click();
		await page.getByRole('status').filter({ hasText: 'goes on by itself' }).waitFor();
		await look(page, 'away');
		assert.equal(await page.getByLabel('Customer').inputValue(), 'AW0000');
		await page.getByLabel('Customer').fill('AW00000001');
		await server.again();
		await page.getByText('Best by the objective').waitFor();
		assert.equal(await page.getByLabel('Customer').inputValue(), 'AW00000001');
		await page.getByRole('status').filter({ hasText: 'goes on by itself' }).waitFor({ state: 'detached' });
		const told = await server.ask('PromiseService/Promise', {
			lines: [{ order: 'AFTER', item: 'HL-U509', quantity: 1, requestedDate: '2014-04-02', customer: 'AW00000001' }],
		});
		await page.getByText(`position ${told.version.sequence}`).first().waitFor();
		await page.done();
		await server.stop();
		rmSync(data, { recursive: true });
	},
	'a server that wants a token asks for it once, and goes on': async () => {
		const server = await serve('allocation-demo', { orders: true });
		const page = await open(server, 'system', { expected: /status of (400|401|404)/ });
		await page.route('**/promised.v1.*/*', (way) =>
			way.request().headers().authorization === 'Bearer pmt_right'
				? way.continue()
				: way.fulfill({ status: 401, json: { code: 'unauthenticated', message: 'who is it?' } }),
		);
		await page.reload();
		await page.getByRole('dialog', { name: 'Who are you?' }).getByLabel('Token').fill('pmt_right');
		await page.getByRole('button', { name: 'Go on' }).click();
		await page.getByRole('dialog', { name: 'Who are you?' }).waitFor({ state: 'detached' });
		await page.getByRole('button', { name: 'Check now' }).click();
		await page.getByText('All is well').waitFor();
		await page.done();
	},
	'a hundred thousand rows scroll, sort and filter': async () => {
		const server = await serve('allocation-demo');
		const page = await open(server, 'exceptions');
		const grid = await manyExceptions(page, 100000);
		assert.equal(await grid.getAttribute('aria-rowcount'), '100001');
		const stall = await page.evaluate(async () => {
			const area = document.querySelector('.scroll');
			let worst = 0;
			let before = performance.now();
			for (let step = 0; step < 60; step += 1) {
				area.scrollTop += 52000;
				await new Promise((resolve) => {
					requestAnimationFrame(resolve);
				});
				worst = Math.max(worst, performance.now() - before);
				before = performance.now();
			}
			return { worst, rows: document.querySelectorAll('tbody tr').length };
		});
		assert.ok(stall.rows < 120, 'only visible rows are in the document');
		console.log(`100,000 rows: the longest frame of 60 jumps took ${stall.worst.toFixed(0)} ms`);
		await page.getByRole('button', { name: 'Filter', exact: true }).click();
		await page.getByLabel('Filter Customer').fill('C976');
		await page.locator('.count', { hasText: '102' }).waitFor();
		await page.done();
	},
};
