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
	'a cluster says who leads, who is behind, and what holds it together': async () => {
		const server = await serve('tiny', {});
		const page = await open(server, 'system');
		const nodes = [
			{ node: 'n1', address: '10.0.0.1:50051', role: 'unreachable', version: '0.1.0', position: '4000', lagSeconds: 12 },
			{ node: 'n2', address: '10.0.0.2:50051', role: 'leader', version: '0.1.0', position: '4711', duties: ['webhook shop', 'backup'] },
			{ node: 'n3', address: '10.0.0.3:50051', role: 'follower', position: '4711', diskFreeBytes: '5000000000', diskBytes: '9000000000' },
		];
		const etcd = [
			{ url: 'http://10.0.0.1:2379', version: '3.4.23', leader: true, healthy: true, dbBytes: '20000000' },
			{ url: 'http://10.0.0.2:2379' },
		];
		const told = { cluster: 'prod', leader: 'n2', epoch: '7', position: '4711', nodes, etcd, lastGapSeconds: 0.82 };
		await page.route('**/promised.v1.AdminService/ClusterStatus', (way) => way.fulfill({ json: told }));
		await page.reload();
		const list = page.getByRole('list', { name: 'Nodes' });
		await list.locator('li', { hasText: 'n1' }).filter({ hasText: 'not heard' }).filter({ hasText: 'behind by 12 sec' }).waitFor();
		await list.locator('li', { hasText: 'n2' }).filter({ hasText: 'leads' }).filter({ hasText: 'webhook shop, backup' }).waitFor();
		await list.locator('li', { hasText: 'n3' }).filter({ hasText: '5 GB of 9 GB free' }).waitFor();
		const kept = page.getByRole('list', { name: 'etcd' });
		await kept.locator('li', { hasText: '10.0.0.2:2379' }).filter({ hasText: 'not heard' }).waitFor();
		await page.locator('.facts', { hasText: '0.82 s' }).filter({ hasText: 'n2' }).waitFor();
		await page.settled();
		await look(page, 'system-cluster');
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
