import assert from 'node:assert/strict';
import { look, open, serve } from '../lib.mjs';

export default {
	'I run a backlog by class, see who loses and why, lock, run again, apply, and take it back': async () => {
		const server = await serve('allocation-demo', { orders: true, own: true });
		const page = await open(server, 'backlog');
		await page.getByLabel('priority: down').click();
		assert.match(page.url(), /sequence=requested_date/);
		await page.getByLabel('Add a priority').selectOption('demand_class');
		await page.getByLabel('Orders before all others').fill('LOCAL');
		await page.getByRole('button', { name: 'Run', exact: true }).click();
		await page.getByText('Result, not live yet').waitFor();
		const lines = page.getByRole('grid', { name: 'lines that win or lose' }).locator('tbody tr[role=row]');
		await lines.first().waitFor();
		await look(page, 'backlog');
		await page.getByRole('button', { name: 'Apply to live' }).click();
		await page.getByText(/Live since position/).waitFor();
		await page.getByRole('button', { name: 'Take it back' }).click();
		await page.getByText('Taken back').waitFor();
		await page.done();
		await server.stop();
	},
	'losers are locked and the run goes again': async () => {
		const server = await serve('allocation-demo', { orders: true });
		const page = await open(server, 'backlog?first=LOCAL');
		await page.getByRole('button', { name: 'Run', exact: true }).click();
		await page.getByRole('button', { name: 'Lock all losers' }).click();
		await page.getByRole('button', { name: /Lock \d+ and run again/ }).click();
		// Who is locked loses nothing.
		await page.locator('.tile', { hasText: 'Lose' }).locator('.tile-value').filter({ hasText: /^0$/ }).waitFor();
		await page.done();
	},
	'priorities are dragged': async () => {
		const server = await serve('allocation-demo', { orders: true });
		const page = await open(server, 'backlog');
		await page.locator('.sequence li').nth(1).dragTo(page.locator('.sequence li').nth(0));
		await page.waitForFunction(() => /sequence=requested_date%2Cpriority|sequence=requested_date,priority/.test(location.hash));
		await page.done();
	},
	'the runs of everybody are listed with how far they are; I stop one, and look at another one again': async () => {
		const server = await serve('adventureworks', { orders: true });
		const small = await server.ask('BacklogService/Run', { filter: 'item=HL-U509-B', sequence: '-value' });
		const page = await open(server, 'backlog');
		const rows = page.getByRole('grid', { name: 'runs' }).locator('tbody tr[role=row]');
		await rows.first().getByRole('button', { name: 'Look at it' }).click();
		const tile = (name, value) =>
			page
				.locator('.tile', { hasText: name })
				.locator('.tile-value', { hasText: String(value) })
				.waitFor();
		await tile('Promised again', small.lines);
		await page.reload();
		await tile('Lose', small.compared.losers ?? 0);
		const long = server.ask('BacklogService/Run', { mostValueSeconds: 60 }).then(
			() => 'ended',
			(error) => error.code,
		);
		await page.reload();
		await rows.filter({ hasText: 'runs' }).getByRole('progressbar').waitFor();
		await look(page, 'backlog-runs');
		await rows.filter({ hasText: 'runs' }).getByRole('button', { name: 'Stop' }).click();
		await rows.first().filter({ hasText: 'cancelled' }).waitFor();
		assert.equal(await long, 'canceled');
		await page.done();
	},
};
