import assert from 'node:assert/strict';
import { look, open, serve } from '../lib.mjs';

export default {
	'a late promise shows its life, why it is late, what would change it, and what it is made of': async () => {
		const server = await serve('allocation-demo', { orders: true });
		const page = await open(server, 'promise/LOCAL%2F1');
		await page.getByText('Its life').waitFor();
		await page.settled();
		await page.getByRole('heading', { name: 'Why', exact: true }).waitFor();
		await page.getByRole('heading', { name: 'What would change it' }).waitFor();
		await page.getByText('Pegging', { exact: true }).first().waitFor();
		await page.done();
	},
	'a made bike: pegging by depth and time': async () => {
		const server = await serve('adventureworks', { orders: true });
		const page = await open(server, 'promise/SO71824%2F17');
		await page.settled();
		await page.locator('.gantt rect').first().waitFor();
		assert.ok((await page.locator('.gantt-names li').count()) > 5);
		await look(page, 'promise');
		await page.done();
	},
	'I look before I change it': async () => {
		const server = await serve('allocation-demo', { orders: true });
		const page = await open(server, 'promise/HELMET-KEY%2F1');
		await page.getByRole('button', { name: 'Change …' }).click();
		await page.getByRole('dialog').getByLabel('Quantity').fill('150');
		await page.getByRole('button', { name: 'Look first' }).click();
		await page.getByRole('dialog').locator('.badge').waitFor();
		await page.keyboard.press('Escape');
		await page.getByRole('dialog').waitFor({ state: 'detached' });
		await page.done();
	},
	'a name that nobody has': async () => {
		const server = await serve('allocation-demo', { orders: true });
		const page = await open(server, 'promise/NOPE%2F1');
		await page.getByText('There is no such promise').waitFor();
		await page.done();
	},
};
