// Trying things: a scenario with some changes, a remedy in a scenario; making it live, and taking that back.
import { call, requestId } from './api.js';
import { num } from './format.js';
import { go, say, scenario, tick, to } from './state.js';
import { t } from './texts.js';

/** @typedef {{change: string, cells: Record<string, string>}} Change */

/** A new scenario, taken from the one on the screen or from live, with these changes. @param {string} name @param {Change[]} changes */
export async function whatIf(name, changes) {
	const made = await call('ScenarioService/Create', { name, fromScenarioId: scenario.peek() || undefined });
	const scenarioId = made.scenarioId ?? '';
	try {
		if (changes.length) await call('ScenarioService/Change', { scenarioId, changes });
	} catch (error) {
		await call('ScenarioService/Discard', { scenarioId }).catch(() => {});
		throw error;
	}
	return scenarioId;
}

/** Makes a scenario or a run live, once more on live as it is now if that is wished; the answer, or null if it is not live.
 * @param {'ScenarioService/Apply' | 'BacklogService/Apply'} method @param {any} body */
export async function makeLive(method, body) {
	let told = await call(method, { ...body, requestId: requestId() });
	if (!told.applied) {
		const why = `${told.why ?? ''} ${(told.unfitPromiseIds ?? []).slice(0, 5).join(', ')}`.trim();
		if (!confirm(t('Live has moved on: {why}. Do the same again on live as it is now?', { why }))) return null;
		told = await call(method, { ...body, requestId: requestId(), again: true });
	}
	say(told.applied ? t('It is live now, at position {n}.', { n: num(told.sequence) }) : (told.why ?? ''), told.applied ? 'good' : 'bad');
	tick.value += 1;
	return told.applied ? told : null;
}

/** Takes back what was made live at a position; whether it was. @param {any} position */
export async function takeBack(position) {
	const told = await call('ScenarioService/Revert', { requestId: requestId(), position: String(position) });
	say(told.applied ? t('Taken back: all is as it was.') : (told.why ?? ''), told.applied ? 'good' : 'bad');
	tick.value += 1;
	return !!told.applied;
}

/** A change as a row of changes.csv. @param {string} change @param {Record<string, any>} cells @returns {Change} */
export const row = (change, cells) => ({
	change,
	cells: Object.fromEntries(
		Object.entries(cells)
			.filter(([, value]) => value !== undefined && value !== '')
			.map(([key, value]) => [key, String(value)]),
	),
});

/** What a remedy changes in the planning data, and what in the line itself.
 * @param {any} remedy @param {any} line @returns {{changes: Change[], line: any}} */
export function asChanges(remedy, line) {
	const { supply, date: on, resource, item, location, quantity, demandClass, shipMethod } = remedy;
	switch (remedy.kind) {
		case 'EXPEDITE':
			return { changes: [row('supply_moved', on ? { supply, date: on } : { supply, days: -remedy.days })], line };
		case 'HOURS':
			return { changes: (remedy.hours ?? []).map((one) => row('capacity_added', { resource, date: one.date, quantity: one.hours })), line };
		case 'GOODS':
			return {
				changes: [
					row('supply_added', { supply: `TRY-${Date.now().toString(36)}`, type: 'purchase_order', item, location, date: on, quantity }),
				],
				line,
			};
		case 'FROM_CLASS':
			return {
				changes: [row('share_shifted', { item, location, demand_class: demandClass, to_class: line.demandClass, quantity, date: on })],
				line,
			};
		case 'HOUSE':
			return { changes: [row('capacity_added', { location, date: on, quantity })], line };
		case 'SPLIT':
			return { changes: [], line: { ...line, split: true } };
		case 'SUBSTITUTE':
			return { changes: [], line: { ...line, substitutes: true } };
		case 'SHIP_METHOD':
			return { changes: [], line: { ...line, shipMethod } };
		case 'SHIP_FROM':
			return { changes: [], line: { ...line, location } };
		default:
			throw new Error(t('This remedy cannot be tried by itself.'));
	}
}

/** Tries a remedy of a live promise: a scenario in which it is promised again.
 * @param {any} remedy @param {any} line @param {string} promiseId */
export async function tryForPromise(remedy, line, promiseId) {
	const tried = asChanges(remedy, line);
	const scenarioId = await whatIf(t('Remedy for {name}', { name: `${line.order}/${line.line}` }), tried.changes);
	const { ordered_at, ...terms } = tried.line;
	await call('PromiseService/Amend', { requestId: requestId(), promiseId, line: terms, scenarioId });
	go(to('promise', promiseId), { scenario: scenarioId });
}
