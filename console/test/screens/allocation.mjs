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
};
