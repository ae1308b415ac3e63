// The five tasks: each gives on the screens the very answer of the command line.
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { look, open, serve } from '../lib.mjs';

/** A text of the server, whatever way its dates are written. */
const said = (text) =>
	new RegExp(
		text
			.split(/\d{4}-\d\d-\d\d/)
			.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
			.join('.+?'),
	);
const number = (text) => Number(text.replace(/[^\d.-]/g, ''));

export default {
	'who is hit if vendor G&KBI0001 is two weeks late? (adventureworks)': async () => {
		const server = await serve('adventureworks', { orders: true });
		const file = `${mkdtempSync(`${tmpdir()}/console-`)}/slip.csv`;
		writeFileSync(file, 'change,supplier,days\nsupply_moved,G&KBI0001,14\n');
		const told = JSON.parse(await server.cli('simulate', '--change', file, '--compare', '--format', 'json'));
		const page = await open(server, 'today');
		await page.keyboard.press('Control+k');
		await page.getByRole('dialog').getByRole('combobox').fill('G&KBI');
		await page
			.getByRole('dialog')
			.getByRole('option', { name: /G&KBI0001/ })
			.click();
		await page.locator('form.form').getByLabel('Days late').fill('14');
		await page.getByRole('button', { name: 'Who is hit?' }).click();
		const hit = page.getByText(/lines? (is|are) hit/);
		await hit.waitFor();
		assert.ok(told.losers > 0, 'somebody is hit');
		assert.equal(number(await hit.innerText()), told.losers);
		await look(page, 'task-vendor-late');
		await page.done();
	},
	'promise 40 bikes to this customer, the best way (adventureworks, before its orders)': async () => {
		const server = await serve('adventureworks');
		const file = `${mkdtempSync(`${tmpdir()}/console-`)}/orders.csv`;
		writeFileSync(
			file,
			'order,line,item,quantity,requested_date,date_type,customer,objective\n' +
				'BEST,1,BK-M82S-42,40,2014-04-20,arrival,AW00000001,highest_profit\n',
		);
		const [, row] = (await server.cli('promise', 'snapshots/adventureworks', file, '--commit=false', '--format', 'csv')).trim().split('\n');
		const cells = row.split(',');
		const page = await open(server, 'ask');
		await page.getByLabel('Item', { exact: true }).fill('BK-M82S-42');
		await page.getByLabel('Quantity').fill('40');
		await page.getByLabel('Date').fill('2014-04-20');
		await page.getByLabel('Customer').fill('AW00000001');
		await page.getByLabel('Best by').selectOption('HIGHEST_PROFIT');
		await page.getByRole('button', { name: 'Check' }).click();
		const best = page.locator('.card.best');
		await best.waitFor();
		const text = await best.innerText();
		const dates = await best.locator('time').evaluateAll((all) => all.map((one) => one.dateTime));
		for (const date of dates) assert.ok(cells.includes(date), `${date} is in ${row}`);
		assert.ok(
			cells.some((cell) => cell && text.includes(cell) && /[A-Z]{3}/.test(cell)),
			'the same ship method',
		);
		await look(page, 'task-best-way');
		await page.getByRole('button', { name: 'Hold', exact: true }).click();
		await page.getByRole('timer').waitFor();
		await page.getByRole('button', { name: 'Give it back' }).click();
		await page.locator('.mend .badge').filter({ hasText: 'cancelled' }).waitFor();
		await page.done();
	},
	'give key accounts 60 % (allocation-demo)': async () => {
		const server = await serve('allocation-demo', { own: true });
		const page = await open(server, 'allocation?item=BK-M82S-42&location=PLANT');
		await page.getByRole('treegrid').waitFor();
		await page.getByLabel('Class', { exact: true }).selectOption('key_account');
		await page.getByLabel('Percent').fill('60');
		await page.getByText('at most 100 percent in all').waitFor();
		await page.getByLabel(/The others give way in proportion/).check();
		await page.getByText('It would be refused').waitFor({ state: 'detached' });
		await page.settled();
		await look(page, 'task-key-accounts');
		const told = JSON.parse(
			await server.cli(
				'allocation',
				'BK-M82S-42',
				'--location',
				'PLANT',
				'--preview',
				'--format',
				'json',
				...[
					'key_account:60',
					'adventureworks:5.71',
					'reseller:5.71',
					'local_store:8.57',
					'web:2.85',
					'club:5.71',
					'guest:2.85',
					'export:8.57',
				].flatMap((share) => ['--share', share]),
			),
		);
		const after = (told.after ?? told).periods[0].nodes.find((one) => (one.demandClass ?? one.demand_class) === 'key_account').allocated;
		assert.equal(after, 120);
		const row = page.getByRole('treegrid').locator('tr', { hasText: 'key_account' }).first();
		assert.match(await row.innerText(), /60 → 120/);
		await page.getByRole('button', { name: 'Change it' }).click();
		await page.getByText('Changed.', { exact: true }).waitFor();
		await page.getByRole('treegrid').locator('tr', { hasText: 'key_account' }).first().filter({ hasText: '60 %' }).waitFor();
		await page.done();
		await server.stop();
	},
	'why is SO71824/17 late and what mends it? (adventureworks)': async () => {
		const server = await serve('adventureworks', { orders: true });
		const page = await open(server, 'today');
		await page.keyboard.press('Control+k');
		await page.getByRole('dialog').getByRole('combobox').fill('SO71824/17');
		await page.keyboard.press('Enter');
		await page.getByRole('heading', { name: 'SO71824/17' }).waitFor();
		await page.settled();
		const told = JSON.parse(await server.cli('explain', '--order', 'SO71824', '--line', '17', '--format', 'json'));
		const late = Math.max(...told.promise.legs.map((leg) => leg.daysLate ?? 0));
		assert.match(await page.locator('.headline').first().innerText(), new RegExp(`${late} days late`));
		assert.ok(told.now.reasons.length && told.now.remedies.length, 'there is a reason and a remedy');
		for (const one of [...told.now.reasons, ...told.now.remedies]) await page.getByText(said(one.text)).first().waitFor();
		await look(page, 'task-why-late');
		await page.done();
	},
	'which resource costs us most? (adventureworks)': async () => {
		const server = await serve('adventureworks', { orders: true });
		const page = await open(server, 'figures');
		await page.getByRole('link', { name: 'Which resource costs us most?' }).click();
		await page.settled();
		const told = (await server.cli('late', '--by', 'resource', '--format', 'csv')).trim().split('\n');
		// Most wait for a supplier, and for no resource: that is the row without a name.
		const [most] = told
			.slice(1)
			.map((row) => row.split(',')[0])
			.filter((name) => name && name !== '-');
		assert.ok(most, 'a resource limits something');
		assert.equal(await page.locator('.headline a').first().innerText(), most);
		await look(page, 'task-resource');
		await page.done();
	},
};
