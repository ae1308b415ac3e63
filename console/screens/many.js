// Many promises changed at once: another day, quantity, class, priority or location for each of them; looked at first.
import { html, useRef, useState } from '../vendor/preact.js';
import { promisedDate } from '../answer.js';
import { call, requestId } from '../api.js';
import { Combo, Field, Form } from '../form.js';
import { addDays, num, readNumber } from '../format.js';
import { because, said } from '../said.js';
import { inScenario, say, tick } from '../state.js';
import { Table } from '../table.js';
import { t } from '../texts.js';
import { Badge, Dialog, Do, day, lateness, orderLink } from '../ui.js';
import { termsOf } from './life.js';

/** How many are asked for side by side. */
const AT_ONCE = 4;

/** Does it for each, some side by side, until all are done or it is stopped.
 * @template T @param {T[]} all @param {(one: T) => Promise<void>} act @param {AbortSignal} signal */
async function forEach(all, act, signal) {
	const left = [...all];
	const work = async () => {
		for (let one = left.shift(); one && !signal.aborted; one = left.shift()) await act(one);
	};
	await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** A promise's line with what is wished for all of them. @param {any} one @param {Record<string, string>} wish */
export function wished(one, wish) {
	const terms = termsOf(one);
	const days = readNumber(wish.days ?? '');
	return {
		...terms,
		orderedAt: undefined,
		requestedDate: wish.date || (days ? addDays(terms.requestedDate, days) : terms.requestedDate),
		quantity: wish.quantity ? readNumber(wish.quantity) : terms.quantity,
		demandClass: wish.demandClass || terms.demandClass,
		priority: wish.priority ? readNumber(wish.priority) : terms.priority,
		location: wish.location || terms.location,
	};
}

/** What became of one, or would. @param {any} one @param {any} told @param {any} [error] */
function outcome(one, told, error) {
	const option = told?.result?.defaultOption;
	const base = { ...one, was: promisedDate({ legs: one.legs }, one.dateType) };
	if (error) return { ...base, verdict: 'FAILED', why: said(error.message) };
	const late = Math.max(0, ...(option?.legs ?? []).map((leg) => leg.daysLate ?? 0));
	const why = (told.result?.reasons ?? []).slice(0, 1).map(because).join('');
	const verdict = told.changed ? 'AMENDED' : told.looked && option ? 'CAN_CHANGE' : 'STANDS';
	return { ...base, verdict, becomes: option ? promisedDate(option, one.dateType) : '', late, why };
}

/** @returns {import('../rows.js').Column[]} */
const columns = () => [
	{ key: 'order', title: t('Order'), narrow: true, get: (row) => `${row.order}/${row.line}`, show: orderLink },
	{
		key: 'verdict',
		title: t('Verdict'),
		width: 17,
		narrow: true,
		show: (row) => html`<${Badge} is=${row.verdict} />`,
	},
	{ key: 'was', title: t('Was'), kind: 'date' },
	{ key: 'becomes', title: t('Becomes'), kind: 'date', narrow: true, show: (row) => day(row.becomes) },
	{ key: 'late', title: t('Days late'), kind: 'num', get: (row) => row.late ?? 0, show: (row) => (row.becomes ? lateness(row.late) : '') },
	{ key: 'why', title: t('Why'), width: 40 },
];

/** @param {{of: any[], onClose: () => void, onDone: () => void}} props `onDone`: all are changed */
export function ChangeMany({ of, onClose, onDone }) {
	const [wish, setWish] = useState(/** @type {Record<string, string>} */ ({}));
	const [told, setTold] = useState(/** @type {{rows: any[], done: boolean} | null} */ (null));
	const [under, setUnder] = useState(/** @type {AbortController | null} */ (null));
	// What has been changed is not changed a second time when the rest is tried again.
	const changed = useRef(new Set());
	const set = (name) => (value) => {
		setWish({ ...wish, [name]: value });
		setTold(null);
	};
	const left = of.filter((one) => !changed.current.has(one.promiseId));
	const send = async (checkOnly) => {
		if (!Object.values(wish).some(Boolean)) {
			say(t('Say what shall be different.'), 'bad');
			return;
		}
		const control = new AbortController();
		setUnder(control);
		const rows = /** @type {any[]} */ ([]);
		const one = async (promise) => {
			const question = {
				requestId: requestId(),
				promiseId: promise.promiseId,
				line: wished(promise, wish),
				checkOnly: checkOnly || undefined,
			};
			try {
				const answer = await call('PromiseService/Amend', inScenario(question));
				rows.push(outcome(promise, { ...answer, looked: checkOnly }));
				if (answer.changed && !checkOnly) changed.current.add(promise.promiseId);
			} catch (error) {
				rows.push(outcome(promise, null, error));
			}
			setTold({ rows: [...rows], done: !checkOnly });
		};
		await forEach(left, one, control.signal);
		setUnder(null);
		if (checkOnly) return;
		tick.value += 1;
		const done = rows.filter((row) => row.verdict === 'AMENDED').length;
		say(t('{n} of {all} changed.', { n: num(done), all: num(rows.length) }), done === rows.length ? 'good' : 'bad');
		if (changed.current.size === of.length) onDone();
	};
	return html`
		<${Dialog} title=${t('Change {n} promise|Change {n} promises', { n: num(of.length) })} class="wide" onClose=${onClose}>
			<${Form} class="form" onSubmit=${() => send(true)}>
				<${Field} label=${t('New day')} type="date" value=${wish.date ?? ''} on=${set('date')} />
				<${Field} label=${t('or days later')} mode="numeric" value=${wish.days ?? ''} placeholder="7" on=${set('days')} />
				<${Field} label=${t('Quantity')} mode="decimal" value=${wish.quantity ?? ''} placeholder=${t('as it is')} on=${set('quantity')} />
				<${Field} label=${t('Class')} value=${wish.demandClass ?? ''} placeholder=${t('as it is')} on=${set('demandClass')} />
				<${Field} label=${t('Priority')} mode="numeric" value=${wish.priority ?? ''} placeholder=${t('as it is')} on=${set('priority')} />
				<${Combo} label=${t('From location')} kinds=${['LOCATION']} value=${wish.location ?? ''} on=${set('location')} />
				<div class="buttons">
					<button type="submit" disabled=${!!under || !left.length}>${t('Look first')}</button>
					<${Do} class="main" disabled=${!!under || !left.length} run=${() => send(false)}>
						${t('Change {n} promise|Change {n} promises', { n: num(left.length) })}
					<//>
					${under && html`<button type="button" onClick=${() => under.abort()}>${t('Stop')}</button>`}
				</div>
			<//>
			${under && html`
				<progress class="progress" max=${left.length} value=${told?.rows.length ?? 0} aria-label=${t('Progress')}></progress>
			`}
			${told && html`<${Table} id="m" label=${told.done ? t('changed') : t('looked at')} columns=${columns()} rows=${told.rows} />`}
		<//>
	`;
}
