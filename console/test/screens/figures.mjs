import assert from 'node:assert/strict';
import { look, open, serve } from '../lib.mjs';

export default {
	'value by class, and what limits': async () => {
		const server = await serve('adventureworks', { orders: true });
		const page = await open(server, 'figures');
		await page.settled();
		const rows = page.getByRole('grid', { name: 'rows' }).locator('tbody tr[role=row]');
		await rows.first().waitFor();
		const told = (await server.cli('figures', '--measures', 'value,lines', '--by', 'demand_class', '--format', 'csv'))
			.trim()
			.split('\n')
			.slice(1)
			.map((row) => row.split(','));
		for (const [name, value, lines] of told) {
			const cells = (await rows.filter({ hasText: name }).locator('td').allInnerTexts()).map((text) => text.replace(/,/g, ''));
			assert.deepEqual([Number(cells[2]), cells[3]], [Math.round(Number(value)), lines], name);
		}
		await look(page, 'figures');
		await page.done();
	},
};
