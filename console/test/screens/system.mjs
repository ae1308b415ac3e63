import { look, open, serve } from '../lib.mjs';

export default {
	'the books are right': async () => {
		const server = await serve('allocation-demo', { orders: true });
		const page = await open(server, 'system');
		await page.getByRole('button', { name: 'Check now' }).click();
		await page.getByText('All is well').waitFor();
		await page.settled();
		await look(page, 'system');
		await page.done();
	},
};
