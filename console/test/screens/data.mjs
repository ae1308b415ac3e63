import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { ROOT, look, open, restartable, serve } from '../lib.mjs';

export default {
	'what serves, how old it is, and what a late purchase order would mean': async () => {
		const server = await serve('allocation-demo', { orders: true });
		const page = await open(server, 'data');
		await page.getByText('allocation-demo-2014-04-01').first().waitFor();
		await page.getByLabel('Rows of changes').fill('change,supply,days\nsupply_moved,WO-72501,14');
		await page.getByRole('button', { name: 'Look first' }).click();
		await page.getByText(/at risk by it/).waitFor();
		const told = await server.ask('SnapshotService/ApplyChanges', {
			changes: [{ change: 'supply_moved', cells: { supply: 'WO-72501', days: '14' } }],
			validateOnly: true,
		});
		assert.match(await page.getByText(/at risk by it/).innerText(), new RegExp(`^${told.atRisk.length} `));
		await look(page, 'data');
		await page.done();
	},
	'I look for faults in a snapshot, let it serve, and let the old one serve again': async () => {
		const data = mkdtempSync(`${tmpdir()}/console-`);
		const server = await restartable('tiny', data);
		const page = await open(server, 'data', { expected: /status of (400|404|422)/ });
		const folder = `${ROOT}snapshots/allocation-demo/`;
		const files = readdirSync(folder)
			.filter((name) => /^(?!orders).*\.(csv|json)$/.test(name))
			.map((name) => folder + name);
		await page.getByLabel('Files of the snapshot').setInputFiles(files);
		await page.getByRole('button', { name: 'Only look for faults' }).click();
		await page
			.locator('.badge')
			.filter({ hasText: /without fault|held back/ })
			.waitFor();
		await look(page, 'data-checked');
		await page.getByRole('button', { name: 'Let it serve' }).click();
		// Most of what was there is gone: that looks broken, and somebody has to answer for it; on the way back too.
		const answerFor = async () => {
			await page.getByLabel('Why it is right all the same').waitFor();
			await page.getByLabel('Your name').fill('Ada');
			await page.getByLabel('Why it is right all the same').fill('another plant');
			await page.getByRole('button', { name: 'Let it serve all the same' }).click();
		};
		await answerFor();
		await page.locator('.head .sub').filter({ hasText: 'allocation-demo' }).waitFor();
		await page.getByRole('button', { name: 'Go back to it' }).click();
		await answerFor();
		await page.locator('.head .sub').filter({ hasText: 'tiny' }).waitFor();
		await page.done();
		await server.stop();
		rmSync(data, { recursive: true });
	},
};
