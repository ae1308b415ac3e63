import assert from 'node:assert/strict';
import { look, open, serve } from '../lib.mjs';

export default {
	'an item on one axis, for everybody and for a class': async () => {
		const server = await serve('allocation-demo', { orders: true });
		const page = await open(server, 'item/BK-M82S-42?days=30');
		await page.locator('.chart svg').waitFor();
		await page.settled();
		const rules = await server.ask('CatalogService/GetRules', { item: 'BK-M82S-42', location: 'PLANT' });
		await page.locator('.facts', { hasText: 'Shares of classes' }).getByText(rules.allocation.why).waitFor();
		await page.getByLabel('For class').fill('web');
		await page.keyboard.press('Enter');
		await page.waitForFunction(() => /class=web/.test(location.hash));
		await page.settled();
		await page.getByRole('application').focus();
		await page.keyboard.press('ArrowRight');
		await look(page, 'item');
		await page.getByRole('button', { name: 'All days' }).click();
		const documents = page.getByRole('grid', { name: 'documents' }).locator('tbody tr[role=row]');
		const told = await server.ask('AvailabilityService/GetAccount', { item: 'BK-M82S-42', location: 'PLANT', days: 30 });
		assert.equal(await documents.count(), told.events.length, 'every dated document is listed');
		await page.getByRole('button', { name: 'weeks' }).click();
		assert.match(page.url(), /by=weeks/);
		await page.settled();
		await documents.filter({ hasText: 'WO-72501' }).locator('a').click();
		await page.getByRole('heading', { name: 'WO-72501' }).waitFor();
		await page.done();
	},
	'I drag a supply to another day and see who is hurt': async () => {
		const server = await serve('allocation-demo', { orders: true });
		const page = await open(server, 'item/BK-M82S-42?days=60');
		const handle = page.getByRole('button', { name: /^Move WO-72501/ });
		await handle.waitFor();
		const box = await handle.boundingBox();
		await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
		await page.mouse.down();
		await page.mouse.move(box.x + 200, box.y + box.height / 2, { steps: 8 });
		await page.mouse.up();
		await page.getByText(/lines? (is|are) hit/).waitFor();
		await page
			.locator('.legend')
			.getByText(/available then/)
			.waitFor();
		await look(page, 'item-moved');
		await page.getByRole('button', { name: 'Keep as a scenario' }).click();
		await page.waitForFunction(() => /scenario=/.test(location.hash));
		assert.notEqual(await page.evaluate(() => document.documentElement.dataset.hue), '');
		await page.done();
	},
};
