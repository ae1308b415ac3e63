import { look, open, serve } from '../lib.mjs';

export default {
	'a resource: load against capacity': async () => {
		const server = await serve('adventureworks', { orders: true });
		const page = await open(server, 'resource/Final%20Assembly');
		await page.settled();
		await look(page, 'resource');
		await page.getByLabel('Hours more a day').fill('8');
		await page.getByRole('button', { name: 'Try in a scenario' }).click();
		await page.getByRole('heading', { name: '8 hours more of Final Assembly' }).waitFor();
		await page.getByText('Nobody is hit').waitFor();
		await page.done();
	},
	'a supplier': async () => {
		const server = await serve('adventureworks', { orders: true });
		const page = await open(server, 'supplier/CARLSON0001');
		await page.settled();
		await look(page, 'supplier');
		await page.done();
	},
	'a supply, and who is hit if it comes two weeks later': async () => {
		const server = await serve('adventureworks', { orders: true });
		const page = await open(server, 'supply/PO-4001-8791');
		await page.getByRole('button', { name: 'Who is hit?' }).click();
		await page.getByText(/lines? (is|are) hit/).waitFor();
		await page.settled();
		await look(page, 'supply');
		await page.done();
	},
};
