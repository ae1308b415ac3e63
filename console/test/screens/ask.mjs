import assert from 'node:assert/strict';
import { look, open, serve } from '../lib.mjs';

export default {
	'a customer wants 40 bikes: I see when, from where and at what profit, and the address keeps the question': async () => {
		const server = await serve('adventureworks', { orders: true });
		const page = await open(server, 'ask');
		await page.getByLabel('Item', { exact: true }).fill('BK-M82S-42');
		await page.getByLabel('Quantity').fill('40');
		await page.getByLabel('Date').fill('2014-04-20');
		await page.getByLabel('Customer').fill('AW00000001');
		await page.getByRole('button', { name: 'Check' }).click();
		await page.getByText('Best by the objective').waitFor();
		const told = await server.ask('PromiseService/CheckAvailability', {
			lines: [{ order: 'X', item: 'BK-M82S-42', quantity: 40, requestedDate: '2014-04-20', dateType: 'ARRIVAL', customer: 'AW00000001' }],
		});
		const leg = told.results[0].defaultOption.legs[0];
		assert.equal(await page.locator('.headline time').last().getAttribute('datetime'), leg.arrivalDate);
		assert.match(await page.locator('.card.best').innerText(), new RegExp(leg.shipMethod));
		await page.getByRole('button', { name: 'Copy for the customer' }).click();
		await page.getByText('Copied.').waitFor();
		assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^40 × BK-M82S-42: leaves .* 2014, arrives .* 2014\.$/);
		await page.reload();
		await page.getByText('Best by the objective').waitFor();
		assert.equal(await page.getByLabel('Quantity').inputValue(), '40');
		await page.done();
	},
	'a late line says why and what would change it, and a remedy is tried by one click': async () => {
		const server = await serve('adventureworks', { orders: true });
		const page = await open(server, 'ask?item=HL-U509-B&qty=400&date=2014-04-10&customer=AW00000001&asked=1');
		await page.getByRole('heading', { name: 'Why', exact: true }).waitFor();
		await page.getByRole('heading', { name: 'What would change it' }).waitFor();
		await page.settled();
		await look(page, 'ask');
		const attempt = page.getByRole('button', { name: 'Try in a scenario' }).first();
		await attempt.click();
		await page.waitForFunction(() => /scenario=/.test(location.hash));
		await page.settled();
		assert.notEqual(await page.evaluate(() => document.documentElement.dataset.hue), '', 'the frame has the colour of the scenario');
		await page.locator('.headline').filter({ hasText: 'on time' }).first().waitFor();
		await page.goBack();
		await page.waitForFunction(() => !/scenario=/.test(location.hash));
		await page.done();
	},
	'I hold it, see the clock, confirm, and give it back': async () => {
		const server = await serve('allocation-demo');
		const page = await open(server, 'ask?item=FR-M94S-42&qty=2&date=2014-04-10&customer=AW00000001&type=SHIP');
		await page.getByRole('button', { name: 'Hold', exact: true }).click();
		await page.getByRole('timer').waitFor();
		await page.getByRole('button', { name: 'Make it firm' }).click();
		await page.locator('.mend .badge').filter({ hasText: 'confirmed' }).waitFor();
		await page.getByRole('button', { name: 'Give it back' }).click();
		await page.locator('.mend .badge').filter({ hasText: 'cancelled' }).waitFor();
		await page.done();
	},
	'I paste lines from a spreadsheet': async () => {
		const server = await serve('adventureworks', { orders: true });
		const page = await open(server, 'ask');
		await page.getByRole('button', { name: 'Paste lines' }).click();
		await page.getByLabel('Lines from a spreadsheet').fill('Item\tQty\tDate\nBK-M82S-42\t2\t20.04.2014\nHL-U509-B\t5\t2014-04-22');
		await page.getByRole('button', { name: 'Check' }).click();
		await page.getByText('2 lines', { exact: true }).waitFor();
		await page.settled();
		assert.equal(await page.locator('.headline').count(), 2);
		await look(page, 'ask-lines');
		await page.done();
	},
	'what is wrong stands at its field': async () => {
		const server = await serve('adventureworks', { orders: true });
		const page = await open(server, 'ask');
		await page.getByRole('button', { name: 'Check' }).click();
		await page.getByText('Which item?').waitFor();
		await page.getByLabel('Item', { exact: true }).fill('BK-M82S-42');
		await page.getByLabel('Quantity').fill('1');
		await page.getByLabel('Date').fill('2014-04-20');
		await page.getByLabel('Customer').fill('NOBODY');
		await page.getByRole('button', { name: 'Check' }).click();
		await page.locator('.field.wrong', { hasText: 'Customer' }).waitFor();
		await page.done();
	},
};
