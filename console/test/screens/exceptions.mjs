import assert from 'node:assert/strict';
import { look, open, serve } from '../lib.mjs';

export default {
	'what needs somebody, by what limits it': async () => {
		const server = await serve('allocation-demo', { orders: true });
		const page = await open(server, 'exceptions?by=customer&kind=late');
		await page.settled();
		await page.getByRole('grid', { name: 'groups' }).locator('tbody tr[role=row]').first().waitFor();
		const told = (await server.cli('late', '--by', 'customer', '--format', 'csv'))
			.trim()
			.split('\n')
			.slice(1)
			.map((row) => row.split(',').slice(0, 2));
		for (const [customer, count] of told)
			await page.getByRole('grid', { name: 'groups' }).locator('tbody tr', { hasText: customer }).filter({ hasText: count }).waitFor();
		await look(page, 'exceptions');
		await page.done();
	},
	'I take care of one with a note, put another off, and try what mends a third': async () => {
		const server = await serve('allocation-demo', { orders: true, own: true });
		const page = await open(server, 'exceptions');
		const rows = page.getByRole('grid', { name: 'exceptions' }).locator('tbody tr[role=row]');
		await rows.first().waitFor();
		const dialog = page.getByRole('dialog');
		const openOne = async (order) => {
			await rows
				.filter({ has: page.getByRole('link', { name: order, exact: true }) })
				.locator('td')
				.first()
				.click();
			await dialog.waitFor();
		};
		await openOne('LOCAL/1');
		await page.reload();
		await dialog.waitFor();
		await dialog.getByLabel('Your name').fill('Ada');
		await dialog.getByLabel('Note').fill('I ask the vendor');
		await look(page, 'exception');
		await dialog.getByRole('button', { name: 'I take care of it' }).click();
		await rows.filter({ hasText: 'Ada: I ask the vendor' }).waitFor();
		await openOne('HELMET-GUEST/1');
		await dialog.getByRole('button', { name: 'In a week' }).click();
		await rows.filter({ hasText: 'HELMET-GUEST/1' }).waitFor({ state: 'detached' });
		await page.getByLabel('Put off').selectOption('1');
		await rows.filter({ hasText: 'HELMET-GUEST/1' }).waitFor();
		await openOne('LOCAL/1');
		await dialog.getByRole('button', { name: 'Try in a scenario' }).first().click();
		await page.waitForFunction(() => /promise.*scenario=/.test(location.hash));
		assert.notEqual(await page.evaluate(() => document.documentElement.dataset.hue), '');
		await page.done();
		await server.stop();
	},
};
