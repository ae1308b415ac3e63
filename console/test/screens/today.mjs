import { look, open, serve } from '../lib.mjs';

export default {
	'how things stand today, and each figure leads to its list': async () => {
		const server = await serve('adventureworks', { orders: true });
		const page = await open(server, 'today');
		await page.locator('.tile', { hasText: 'Promised lines' }).filter({ hasText: '16,058' }).waitFor();
		await page.settled();
		await look(page, 'today');
		await page.locator('.tile', { hasText: 'Promised lines' }).click();
		await page.getByRole('heading', { name: 'Promises' }).waitFor();
		await page.done();
	},
	'what happens meanwhile appears by itself': async () => {
		const server = await serve('allocation-demo');
		const page = await open(server, 'today');
		const before = await server.ask('PromiseService/Promise', {
			lines: [{ order: `LIVE-${Date.now()}`, item: 'HL-U509', quantity: 1, requestedDate: '2014-04-02', customer: 'AW00000001' }],
		});
		await page.locator('.feed li').first().waitFor();
		await page.getByText(`position ${before.version.sequence}`).first().waitFor();
		await page.done();
	},
};
