// Servers for the scripts: one of each snapshot on a free port, one that can be killed, the command line that asks them.
import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

export const ROOT = new URL('../../', import.meta.url).pathname;
export const BIN = process.env.PROMISED_BIN ?? `${process.env.CARGO_TARGET_DIR ?? `${ROOT}target`}/debug/promised`;
const run = promisify(execFile);

/** All servers that are up, by what they serve. */
const servers = new Map();

/** All processes that were started and live: none is left behind, whatever becomes of a script. */
const children = new Set();
process.on('exit', () => {
	for (const child of children) child.kill('SIGKILL');
});
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => process.exit(1));
// A runner that was killed says nothing: then somebody else is our parent.
const runner = process.ppid;
setInterval(() => {
	if (process.ppid !== runner) process.exit(1);
}, 1000).unref();

/** Ends a process, and waits until it has: one that does not go is killed. */
function end(child, signal = 'SIGTERM') {
	if (!children.has(child)) return Promise.resolve();
	return new Promise((resolve) => {
		const late = setTimeout(() => child.kill('SIGKILL'), 8000);
		child.on('exit', () => {
			clearTimeout(late);
			resolve();
		});
		child.kill(signal);
	});
}

/** Starts `promised serve` and reads the address that it prints. */
async function start(snapshot, more = []) {
	const child = spawn(
		BIN,
		[
			'serve',
			...(snapshot ? [`${ROOT}snapshots/${snapshot}`] : []),
			...(more.includes('--listen') ? [] : ['--listen', '127.0.0.1:0']),
			...more,
		],
		{ stdio: ['ignore', 'pipe', 'inherit'] },
	);
	children.add(child);
	child.on('exit', () => children.delete(child));
	const lines = createInterface({ input: child.stdout });
	const address = await new Promise((resolve, reject) => {
		lines.on('line', (line) => {
			const found = /serving .* on (127\.0\.0\.1:\d+)/.exec(line);
			if (found) resolve(found[1]);
		});
		child.on('exit', (code) => reject(new Error(`the server ended with ${code}`)));
	});
	return { child, address };
}

/** The files of this folder before a server that has others or none: for those who work on screens (CONSOLE_FILES=1). */
async function before(url) {
	const kinds = { html: 'text/html', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml' };
	const proxy = http.createServer((request, answer) => {
		const path = request.url.split('?')[0];
		if (path.startsWith('/console/')) {
			const name = path.slice(9) || 'index.html';
			try {
				const bytes = readFileSync(new URL(`../${name}`, import.meta.url));
				answer.writeHead(200, {
					'content-type': kinds[name.split('.').pop()] ?? 'text/plain',
					'content-security-policy': "default-src 'self'; base-uri 'none'; form-action 'none'",
				});
				answer.end(bytes);
			} catch {
				answer.writeHead(404);
				answer.end();
			}
			return;
		}
		const on = http.request(
			`${url}${request.url}`,
			{ method: request.method, headers: { ...request.headers, host: new URL(url).host, origin: url, referer: `${url}/console/` } },
			(told) => {
				answer.writeHead(told.statusCode, told.headers);
				told.pipe(answer);
				told.on('close', () => answer.destroy());
			},
		);
		answer.on('close', () => on.destroy());
		on.on('error', () => answer.destroy());
		request.pipe(on);
	});
	await new Promise((resolve) => {
		proxy.listen(0, '127.0.0.1', resolve);
	});
	proxy.unref();
	return `http://127.0.0.1:${proxy.address().port}`;
}
const front = (url) => (process.env.CONSOLE_FILES ? before(url) : url);

/** A server of a snapshot; with `orders` the whole order stream is promised first. One each, kept for all scripts. */
export async function serve(snapshot, { orders = false, own = false, more = [] } = {}) {
	const key = `${snapshot} ${orders}`;
	if (!own && servers.has(key)) return servers.get(key);
	/** One that is up already may be named, such as {"adventureworks true":"127.0.0.1:50051"}: for those who work on screens. */
	const there = !own && JSON.parse(process.env.CONSOLE_SERVERS ?? '{}')[key];
	const { child, address } = there ? { child: null, address: there } : await start(snapshot, more);
	const url = `http://${address}`;
	const server = {
		url,
		address,
		snapshot,
		page: `${await front(url)}/console/`,
		/** What the command line answers to the same question. */
		cli: async (...args) => {
			const { stdout } = await run(BIN, args.includes('--server') || args.includes('--commit=false') ? args : [...args, '--server', url], {
				cwd: ROOT,
				maxBuffer: 1 << 28,
			});
			return stdout;
		},
		ask: (method, body) => post(url, method, body),
		stop: () => end(child),
	};
	if (orders && !there) await server.cli('promise', `snapshots/${snapshot}`, `snapshots/${snapshot}/orders.csv`);
	if (!own) servers.set(key, there ? { ...server, stop: async () => {} } : server);
	return server;
}

/** A server that can be killed and started again on the same port and data directory. */
export async function restartable(snapshot, data) {
	let { child, address } = await start(snapshot, ['--data', data]);
	const port = address.split(':')[1];
	return {
		page: `${await front(`http://${address}`)}/console/`,
		ask: (method, body) => post(`http://${address}`, method, body),
		kill: () => end(child, 'SIGKILL'),
		again: async () => {
			({ child } = await start('', ['--data', data, '--listen', `127.0.0.1:${port}`]));
		},
		stop: () => end(child),
	};
}

function post(url, method, body) {
	return new Promise((resolve, reject) => {
		const request = http.request(
			`${url}/promised.v1.${method}`,
			{ method: 'POST', headers: { 'content-type': 'application/json' } },
			(answer) => {
				let text = '';
				answer.on('data', (part) => {
					text += part;
				});
				answer.on('end', () => {
					const told = JSON.parse(text || '{}');
					if (answer.statusCode === 200) resolve(told);
					else reject(Object.assign(new Error(told.message), told));
				});
			},
		);
		request.on('error', reject);
		request.end(JSON.stringify(body));
	});
}

/** Ends all that was started. */
export const endAll = () => Promise.all([...children].map((child) => end(child)));
