// Asks the server: JSON over the same port, errors with their fields, streams by line, and waiting while it is away.
import { useEffect, useRef, useState } from './vendor/preact.js';
import { currency, locked, position, server, status, tick } from './state.js';

/** @typedef {import('./messages.d.ts').Methods} Methods */

/** Where the server's methods are, whatever path it is served under. */
export const BASE = new URL('../', location.href.split('#')[0]).href;

/** The token of this tab; it is kept nowhere else. */
function token() {
	try {
		return sessionStorage.getItem('promised.token') ?? '';
	} catch {
		return '';
	}
}
/** @returns {Record<string, string>} */
export const signed = () => (token() ? { authorization: `Bearer ${token()}` } : {});
const headers = () => ({ 'content-type': 'application/json', ...signed() });
/** @type {(() => void)[]} */
let waiting = [];
/** Another token: what was refused is asked again. @param {string} next */
export function signIn(next) {
	try {
		sessionStorage.setItem('promised.token', next.trim());
	} catch {
		/* a private window: the token cannot be kept */
	}
	locked.value = '';
	const all = waiting;
	waiting = [];
	for (const go of all) go();
	tick.value += 1;
}

/** A question that was refused or failed. */
export class Refused extends Error {
	/** @param {any} body @param {number} http */
	constructor(body, http) {
		super(body?.message || `HTTP ${http}`);
		this.code = String(body?.code ?? 'unknown');
		const details = (body?.details ?? []).map((detail) => detail.debug ?? {});
		this.reason = String(details.find((one) => one.reason)?.reason ?? '');
		/** @type {{field: string, description: string}[]} */
		this.fields = details.flatMap((one) => one.fieldViolations ?? []);
		/** Whether the server does not know the method (yet). */
		this.missing = this.code === 'unimplemented';
	}
}

/** @type {Promise<void> | null} */
let back = null;
/** The server is away, or starting: says so, and waits until it answers again; then all that is on the screen is asked
 * anew. @param {'away' | 'starting'} [how] */
export function waitForServer(how = 'away') {
	if (server.peek() === 'up') server.value = how;
	back ??= (async () => {
		for (;;) {
			await new Promise((resolve) => {
				setTimeout(resolve, 700);
			});
			try {
				const answer = await fetch(`${BASE}promised.v1.SnapshotService/GetStatus`, { method: 'POST', headers: headers(), body: '{}' });
				if (answer.status === 401) break;
				if (answer.ok) {
					status.value = await answer.json();
					break;
				}
				server.value = answer.status === 503 ? 'starting' : 'away';
			} catch {
				server.value = 'away';
			}
		}
		server.value = 'up';
		back = null;
		tick.value += 1;
	})();
	return back;
}

function note(answer, body) {
	const sequence = Number(answer?.version?.sequence ?? 0);
	if (!body?.scenarioId && sequence > position.peek()) position.value = sequence;
	const found = [...(answer?.results ?? []), answer?.now].find((one) => one?.defaultOption)?.defaultOption?.economics?.currency;
	if (found) currency.value = found;
}

/** Asks a method such as "PromiseService/Get". While the server is away it waits and asks again: commands carry a
 * request id, so that nothing is done twice.
 * @template {keyof Methods} M @param {M} method @param {Methods[M][0]} body @param {AbortSignal} [signal]
 * @returns {Promise<Methods[M][1]>} */
export async function call(method, body, signal) {
	for (;;) {
		let answer;
		try {
			answer = await fetch(`${BASE}promised.v1.${method}`, { method: 'POST', headers: headers(), body: JSON.stringify(body), signal });
		} catch (error) {
			if (signal?.aborted) throw error;
			await waitForServer();
			continue;
		}
		const told = await answer.json().catch((error) => {
			if (signal?.aborted) throw error;
			return null;
		});
		if (answer.ok && told) {
			note(told, body);
			return told;
		}
		// The server went amid its answer.
		if (answer.ok) {
			await waitForServer();
			continue;
		}
		if (answer.status === 503 && told?.code !== 'unimplemented' && new Refused(told, 503).reason !== 'OUTCOME_UNKNOWN') {
			await waitForServer('starting');
			continue;
		}
		if (answer.status === 401) {
			locked.value = told?.message || 'token';
			await new Promise((resolve) => {
				waiting.push(() => resolve(undefined));
			});
			if (signal?.aborted) throw new DOMException('stopped', 'AbortError');
			continue;
		}
		throw new Refused(told, answer.status);
	}
}

/** Reads a server stream line by line until it ends or `signal` says so.
 * @param {string} method @param {any} body @param {(message: any) => void} on @param {AbortSignal} signal */
export async function stream(method, body, on, signal) {
	const answer = await fetch(`${BASE}promised.v1.${method}`, {
		method: 'POST',
		headers: { ...headers(), accept: 'application/x-ndjson' },
		body: JSON.stringify(body),
		signal,
	});
	if (!answer.ok || !answer.body) throw new Refused(await answer.json().catch(() => null), answer.status);
	const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
	let rest = '';
	for (;;) {
		const { value, done } = await reader.read();
		if (done) return;
		const lines = (rest + value).split('\n');
		rest = lines.pop() ?? '';
		for (const line of lines.filter(Boolean)) {
			const message = JSON.parse(line);
			if (message.error) throw new Refused(message.error, 200);
			on(message);
		}
	}
}

/** An id of a command, so that it may be sent again. */
export const requestId = () => `console-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`;

/** The question in a terminal's words. @param {string} method @param {any} body */
export function asCurl(method, body) {
	const text = JSON.stringify(body).replace(/'/g, `'\\''`);
	return `curl -s ${BASE}promised.v1.${method} -H 'content-type: application/json' -d '${text}'`;
}
/** @param {string} method @param {any} body */
export function asGrpcurl(method, body) {
	const { host, protocol } = new URL(BASE);
	const text = JSON.stringify(body).replace(/'/g, `'\\''`);
	return `grpcurl ${protocol === 'https:' ? '' : '-plaintext '}-d '${text}' ${host} promised.v1.${method}`;
}

/** A question as a part of a screen: asked again when it changes, and, if `live`, when live has changed; the last
 * answer stays meanwhile. Without a body nothing is asked.
 * @template {keyof Methods} M @param {M} method @param {Methods[M][0] | null} body @param {{live?: boolean}} [how]
 * @returns {{data: Methods[M][1] | null, error: Refused | null, busy: boolean, of: string, again: () => void}} */
export function useAnswer(method, body, { live = true } = {}) {
	const key = body ? JSON.stringify(body) : '';
	const turn = live ? tick.value : 0;
	const [kept, keep] = useState(/** @type {any} */ ({ data: null, error: null, of: '' }));
	const [busy, setBusy] = useState(!!body);
	const [asked, ask] = useState(0);
	const latest = useRef(0);
	useEffect(() => {
		if (!key) {
			keep({ data: null, error: null, of: '' });
			setBusy(false);
			return undefined;
		}
		const stop = new AbortController();
		const mine = ++latest.current;
		setBusy(true);
		call(method, JSON.parse(key), stop.signal).then(
			(data) => {
				if (mine === latest.current) {
					keep({ data, error: null, of: key });
					setBusy(false);
				}
			},
			(error) => {
				if (stop.signal.aborted || mine !== latest.current) return;
				keep((before) => ({ data: before.of === key ? before.data : null, error, of: key }));
				setBusy(false);
			},
		);
		return () => stop.abort();
	}, [method, key, turn, asked]);
	return { ...kept, busy: busy || (!!key && kept.of !== key), again: () => ask((n) => n + 1) };
}

export async function refreshStatus() {
	status.value = await call('SnapshotService/GetStatus', {}).catch(() => status.peek());
}
