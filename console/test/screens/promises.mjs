import assert from 'node:assert/strict';
import { look, open, serve } from '../lib.mjs';

export default {
	'all promises are there, and only visible rows are in the document': async () => {
		const server = await serve('adventureworks', { orders: true });
		const page = await open(server, 'promises');
		const grid = page.getByRole('grid', { name: 'promises' });
		await grid.locator('tbody tr[role=row]').first().waitFor();
		assert.ok((await grid.locator('tbody tr').count()) < 80);
		await look(page, 'promises');
		await page.done();
	},
	'I choose a customer and an item, open one, and go back to the same list': async () => {
		const server = await serve('adventureworks', { orders: true });
		const page = await open(server, 'promises?item=HL-U509-B');
		const rows = page.getByRole('grid', { name: 'promises' }).locator('tbody tr[role=row]');
		await rows.first().waitFor();
		await page.settled();
		await rows.first().locator('td').nth(4).click();
		await page.waitForFunction(() => /#\/promise\//.test(location.hash));
		await page.getByText('Its life').waitFor();
		await page.goBack();
		await rows.first().waitFor();
		assert.match(page.url(), /item=HL-U509-B/);
		await page.done();
	},
	'I sort and filter: the address says how, and the server counts the same': async () => {
		const server = await serve('adventureworks', { orders: true });
		const page = await open(server, 'promises');
		const rows = page.getByRole('grid', { name: 'promises' }).locator('tbody tr[role=row]');
		await rows.first().waitFor();
		await page.getByRole('button', { name: 'Days late' }).click();
		await page.getByRole('button', { name: 'Days late' }).click();
		await page.waitForFunction(() => /p-s=-late/.test(location.hash));
		await page.getByRole('button', { name: 'Filter', exact: true }).click();
		await page.getByLabel('Filter Days late').fill('>30');
		const told = await server.ask('PromiseService/List', {
			query: 'days_late>30',
			states: ['HELD', 'CONFIRMED'],
			orderBy: '-days_late',
			pageSize: 1,
		});
		await page
			.locator('.count')
			.filter({ hasText: Number(told.total).toLocaleString('en-GB') })
			.waitFor();
		const most = Math.max(...told.promises[0].legs.map((leg) => leg.daysLate));
		await rows
			.first()
			.filter({ hasText: `${most} days late` })
			.waitFor();
		await page.getByLabel('Filter Days late').fill('>9999');
		await page.getByText('No promise fits').waitFor();
		await page.done();
	},
	'I give two back at once': async () => {
		const server = await serve('allocation-demo', { orders: true, own: true });
		const page = await open(server, 'promises');
		await page
			.getByLabel(/^Pick P/)
			.nth(0)
			.check();
		await page
			.getByLabel(/^Pick P/)
			.nth(1)
			.check();
		await page.getByRole('button', { name: 'Give back' }).click();
		await page.getByText('2 given back.').waitFor();
		await page.locator('.count').filter({ hasText: /^6 / }).waitFor();
		await page.done();
		await server.stop();
	},
	'columns, CSV of all rows and the question as curl': async () => {
		const server = await serve('allocation-demo', { orders: true });
		const page = await open(server, 'promises');
		await page.getByRole('grid').locator('tbody tr[role=row]').first().waitFor();
		await page.getByText('Columns', { exact: true }).first().click();
		await page.getByLabel('Priority').check();
		assert.match(page.url(), /p-c=/);
		await page.keyboard.press('Escape');
		const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'CSV' }).click()]);
		const { readFileSync } = await import('node:fs');
		const text = readFileSync(await file.path(), 'utf8');
		assert.equal(text.trim().split('\r\n').length, 1 + 8, 'a header and all 8 promises');
		await page.getByText('Copy as').click();
		await page.getByRole('button', { name: 'curl', exact: true }).click();
		assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^curl -s http:\/\/127\.0\.0\.1.*PromiseService\/List/);
		await page.done();
	},
	'I move two promises a week later at once: I look first, then I change them': async () => {
		const server = await serve('allocation-demo', { orders: true, own: true });
		const page = await open(server, 'promises');
		const row = (order) => page.getByRole('grid', { name: 'promises' }).locator('tbody tr[role=row]', { hasText: order });
		for (const order of ['FRAME-LOCAL/1', 'HELMET-KEY/1']) await row(order).getByRole('checkbox').check();
		await page.getByRole('button', { name: 'Change …' }).click();
		const dialog = page.getByRole('dialog');
		await dialog.getByRole('button', { name: 'Look first' }).click();
		await page.getByText('Say what shall be different.').waitFor();
		await dialog.getByLabel('or days later').fill('7');
		await dialog.getByRole('button', { name: 'Look first' }).click();
		const rows = dialog.getByRole('grid').locator('tbody tr[role=row]');
		await rows.nth(1).waitFor();
		const asked = async (order) => (await server.ask('PromiseService/Get', { order, line: '1' })).promises[0].requestedDate;
		assert.equal(await asked('HELMET-KEY'), '2014-04-01', 'who only looks changes nothing');
		await look(page, 'promises-many');
		await dialog.getByRole('button', { name: 'Change 2 promises' }).click();
		await page.getByText('2 of 2 changed.').waitFor();
		await dialog.waitFor({ state: 'detached' });
		for (const order of ['FRAME-LOCAL', 'HELMET-KEY']) assert.equal(await asked(order), '2014-04-08');
		await page.done();
		await server.stop();
	},
	'what is picked goes into a backlog run': async () => {
		const server = await serve('allocation-demo', { orders: true });
		const page = await open(server, 'promises');
		for (const order of ['FRAME-KEY/1', 'HELMET-GUEST/1'])
			await page.getByRole('grid').locator('tbody tr[role=row]', { hasText: order }).getByRole('checkbox').check();
		await page.getByRole('button', { name: 'Into a backlog run' }).click();
		await page.getByRole('heading', { name: 'Backlog' }).waitFor();
		const filter = await page.getByLabel('Which lines').inputValue();
		assert.deepEqual(filter.replace('order=', '').split('|').sort(), ['FRAME-KEY', 'HELMET-GUEST']);
		await page.getByRole('button', { name: 'Run', exact: true }).click();
		await page.locator('.tile', { hasText: 'Promised again' }).locator('.tile-value', { hasText: /^2$/ }).waitFor();
		await page.done();
	},
};
