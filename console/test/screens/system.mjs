import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { BIN, look, open, serve } from '../lib.mjs';

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
	'with tokens: I sign in, make one for a colleague, see it once, and take it back; the audit says so': async () => {
		const tokens = `${mkdtempSync(`${tmpdir()}/console-`)}/tokens.toml`;
		const make = (...args) => execFileSync(BIN, ['token', 'new', '--tokens', tokens, ...args], { encoding: 'utf8' }).trim();
		const token = make('--name', 'ada', '--role', 'read,admin');
		const server = await serve('tiny', { own: true, more: ['--access-tokens', tokens] });
		const page = await open(server, 'system', { ready: 'dialog', expected: /status of (400|401|403|404)/ });
		await page.getByRole('dialog').getByLabel('Token').fill(token);
		await page.getByRole('button', { name: 'Go on' }).click();
		await page.locator('.facts', { hasText: 'You are' }).filter({ hasText: 'ada' }).waitFor();
		await page.getByLabel('New token for').fill('desk');
		await page.getByLabel('promise', { exact: true }).check();
		await page.getByRole('button', { name: 'New token', exact: true }).click();
		await page.getByRole('alert').filter({ hasText: 'Shown once' }).locator('code').waitFor();
		const row = page.getByRole('grid', { name: 'tokens' }).locator('tbody tr', { hasText: 'desk' });
		await row.filter({ hasText: 'read, promise' }).waitFor();
		await look(page, 'system-tokens');
		await row.getByRole('button', { name: 'Revoke' }).click();
		await row.waitFor({ state: 'detached' });
		await page.getByRole('grid', { name: 'entries' }).locator('tbody tr', { hasText: 'RevokeToken' }).first().waitFor();
		await page.done();
		await server.stop();
	},
};
