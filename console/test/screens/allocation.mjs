import assert from 'node:assert/strict';
import { look, open, serve } from '../lib.mjs';

export default {
	'the tree of classes, and what a shift would do before it is done': async () => {
		const server = await serve('allocation-demo', { orders: true });
		const page = await open(server, 'allocation?item=BK-M82S-42&location=PLANT');
		await page.getByRole('treegrid').waitFor();
		assert.equal(await page.getByRole('treegrid').locator('tbody tr').count(), 8);
		await page.getByRole('button', { name: 'Shift units' }).click();
		await page.getByLabel('From class').selectOption('export');
		await page.getByLabel('To class').selectOption('local_store');
		await page.getByLabel('Quantity').fill('3');
		await page.getByText('at most 2, which export has left').waitFor();
		assert.ok(await page.getByRole('button', { name: 'Change it' }).isDisabled(), 'what would be refused cannot be done');
		await page.getByLabel('Quantity').fill('2');
		await page.getByText('Nobody is hurt').waitFor();
		await look(page, 'allocation');
		await page.done();
	},
	'how long a share lasts, by the day of need: its end is what the command line says': async () => {
		const server = await serve('allocation-demo', { orders: true });
		const page = await open(server, 'allocation?item=BK-M82S-42&location=PLANT');
		const told = JSON.parse(await server.cli('allocation', 'BK-M82S-42', '--location', 'PLANT', '--format', 'json'));
		const sum = (of) => (of ?? []).reduce((all, one) => all + one.quantity, 0);
		for (const name of ['key_account', 'club']) {
			await page.getByRole('treegrid').getByRole('button', { name }).click();
			const panel = page.locator('.panel', { hasText: `${name} over the period` });
			const node = told.periods[0].nodes.find((one) => one.demandClass === name);
			const left = node.allocated - (node.consumed ?? 0) - sum(node.tookFrom);
			await panel
				.locator('.legend')
				.filter({ hasText: `left of its share ${left < 0 ? '-' : ''}${Math.abs(left)}` })
				.waitFor();
			await panel.getByText(left < 0 ? 'Used up on 02 Apr 2014' : `Lasts to the end; ${left} are left`).waitFor();
		}
		await look(page, 'allocation-burn-down');
		await page.done();
	},
};
