import assert from 'node:assert/strict';
import { look, open, serve } from '../lib.mjs';

export default {
	'I make a scenario, change a supply in it, compare it with live, and forget it': async () => {
		const server = await serve('allocation-demo', { orders: true });
		const page = await open(server, 'scenarios?new=1');
		await page.getByRole('dialog').getByLabel('Name').fill('bikes two weeks late');
		await page.getByRole('button', { name: 'Make it' }).click();
		await page.waitForFunction(() => /scenario=/.test(location.hash));
		await page.getByLabel('Supply', { exact: true }).fill('WO-72501');
		await page.getByLabel('Days', { exact: true }).fill('14');
		await page.getByRole('button', { name: 'Change it in this scenario' }).click();
		await page.getByText('Changed in the scenario.').waitFor();
		await look(page, 'scenarios');
		await page.getByRole('link', { name: 'Compare with live' }).click();
		await page.getByRole('heading', { name: 'Compare' }).waitFor();
		await page.settled();
		const told = await server.ask('ScenarioService/Compare', { scenarioId: new URL(page.url()).hash.match(/a=([^&]+)/)[1] });
		assert.equal(await page.locator('.tile', { hasText: 'Worse off' }).locator('.tile-value').innerText(), String(told.losers ?? 0));
		await look(page, 'compare');
		await page.done();
	},
	'what was changed is listed; one change goes, those of another scenario come, and any two are compared': async () => {
		const server = await serve('allocation-demo', { orders: true });
		const change = async (name, supply, days) => {
			const { scenarioId } = await server.ask('ScenarioService/Create', { name });
			await server.ask('ScenarioService/Change', { scenarioId, changes: [{ change: 'supply_moved', cells: { supply, days } }] });
			return scenarioId;
		};
		const bikes = await change('bikes late', 'WO-72501', '14');
		const helmets = await change('helmets late', 'PO-4001-1', '7');
		const page = await open(server, `scenarios?scenario=${bikes}`);
		const changes = page.getByRole('list', { name: 'What was changed' }).getByRole('listitem');
		await changes.filter({ hasText: 'WO-72501' }).waitFor();
		await page.getByLabel('Take over the changes of').selectOption({ label: 'helmets late' });
		await changes.filter({ hasText: 'PO-4001-1' }).waitFor();
		await changes.filter({ hasText: 'WO-72501' }).getByRole('button', { name: 'Take away' }).click();
		await changes.filter({ hasText: 'WO-72501' }).waitFor({ state: 'detached' });
		await changes.filter({ hasText: 'PO-4001-1' }).waitFor();
		assert.equal(await changes.count(), 1);
		const own = new URL(page.url()).hash.match(/scenario=([^&]+)/)[1];
		assert.notEqual(own, bikes, 'the scenario was made anew');
		await page.evaluate(
			([a, b]) => {
				location.hash = `#/compare?a=${a}&b=${b}`;
			},
			[own, helmets],
		);
		await page.locator('.tile', { hasText: 'Worse off' }).locator('.tile-value').filter({ hasText: /^0$/ }).waitFor();
		await page.done();
	},
	'I apply a scenario, and take it back': async () => {
		const server = await serve('allocation-demo', { orders: true, own: true });
		const { scenarioId } = await server.ask('ScenarioService/Create', { name: 'more bikes' });
		await server.ask('ScenarioService/Change', {
			scenarioId,
			changes: [{ change: 'on_hand_adjusted', cells: { item: 'BK-M82S-42', location: 'PLANT', quantity: '10' } }],
		});
		const page = await open(server, `scenarios?scenario=${scenarioId}`);
		await page.getByRole('button', { name: 'Apply to live' }).click();
		await page.getByText(/It is live now, at position/).waitFor();
		await page.waitForFunction(() => !/scenario=/.test(location.hash));
		await page.getByRole('button', { name: 'take back' }).click();
		await page.getByText('Taken back').waitFor();
		await page.done();
		await server.stop();
	},
	'I vary the day of a supply: the figures are those of the command line': async () => {
		const server = await serve('allocation-demo', { orders: true });
		const page = await open(server, 'vary');
		await page.getByLabel('Of which').fill('WO-72501');
		await page.getByLabel('Until').fill('14');
		await page.getByLabel('Step').fill('7');
		await page.getByRole('button', { name: 'Work it out' }).click();
		const rows = page.getByRole('grid', { name: 'values' }).locator('tbody tr[role=row]');
		await page.waitForFunction(() => document.querySelectorAll('[aria-label=values] tbody tr[role=row]').length === 4);
		const told = (await server.cli('simulate', '--vary', 'supply:WO-72501:-7..14:7', '--format', 'csv'))
			.trim()
			.split('\n')
			.slice(1)
			.map((row) => row.split(','));
		for (const [n, [days, , onTime, , late]] of told.entries()) {
			const cells = await rows.nth(n).locator('td').allInnerTexts();
			assert.deepEqual([Number(cells[0]), parseFloat(cells[1]), Number(cells[2])], [Number(days), Number(onTime), Number(late)]);
		}
		await look(page, 'vary');
		await page.done();
	},
};
