// Who is hit: figures of two worlds side by side, the lines that differ, and the answer while a hand still drags.
import { html, useEffect, useRef, useState } from './vendor/preact.js';
import { call } from './api.js';
import { Field, Form } from './form.js';
import { money, num, percent, readNumber, short } from './format.js';
import { said } from './said.js';
import { go, href, route, say, scenario, setParams, to } from './state.js';
import { Table } from './table.js';
import { t } from './texts.js';
import { Badge, Do, Panel, day, link, orderLink } from './ui.js';
import { row, whatIf } from './whatif.js';

/** @typedef {import('./whatif.js').Change} Change */

/** The figures of two worlds side by side. */
export function Kpis({ of, names }) {
	const { before = {}, after = {} } = of;
	/** @type {[string, string, (n: any) => string, number][]} */
	const rows = [
		[t('Lines'), 'lines', num, 0],
		[t('On time'), 'onTimeShare', percent, 1],
		[t('Fill rate'), 'fillRate', percent, 1],
		[t('Mean days late'), 'daysLateMean', (n) => num(n, 2), -1],
		[t('95 of 100 at most so late'), 'daysLateP95', num, -1],
		[t('Lines at risk'), 'atRisk', num, -1],
		[t('Revenue at risk'), 'revenueAtRisk', short, -1],
		[t('Revenue on time'), 'revenueOnTime', short, 1],
		[t('Cost'), 'cost', short, -1],
		[t('Profit'), 'profit', short, 1],
	];
	return html`
		<table class="plain kpi">
			<thead>
				<tr><th>${t('Figure')}</th><th>${names?.[1] ?? t('Before')}</th><th>${names?.[0] ?? t('After')}</th><th>${t('Difference')}</th></tr>
			</thead>
			<tbody>
				${rows.map(([name, key, show, good]) => {
					const by = Number(after[key] ?? 0) - Number(before[key] ?? 0);
					const look = !good || Math.abs(by) < 1e-9 ? '' : by * good > 0 ? 'fine' : 'hurt';
					return html`
						<tr>
							<td>${name}</td><td>${show(before[key] ?? 0)}</td><td>${show(after[key] ?? 0)}</td>
							<td class=${look}>${Math.abs(by) < 1e-9 ? '–' : `${by > 0 ? '+' : '−'}${show(Math.abs(by))}`}</td>
						</tr>
					`;
				})}
			</tbody>
		</table>
	`;
}

/** Columns of lines that are better or worse off. @returns {import('./rows.js').Column[]} */
export const differenceColumns = () => [
	{
		key: 'verdict',
		title: t('Verdict'),
		narrow: true,
		width: 8,
		show: (row) => html`<${Badge} is=${row.verdict} />`,
	},
	{ key: 'order', title: t('Order'), narrow: true, get: (row) => `${row.order}/${row.line}`, show: orderLink },
	{ key: 'customer', title: t('Customer'), narrow: true },
	{ key: 'demandClass', title: t('Class'), hide: true },
	{ key: 'item', title: t('Item'), show: (row) => link('item', row.item) },
	{ key: 'quantity', title: t('Quantity'), kind: 'num' },
	{ key: 'was', title: t('Was'), kind: 'date', get: (row) => row.before?.date ?? '' },
	{
		key: 'is',
		title: t('Becomes'),
		kind: 'date',
		get: (row) => row.after?.date ?? '',
		show: (row) => (row.after?.atRisk ? html`${day(row.after.date)} <${Badge} is="AT_RISK" />` : day(row.after?.date)),
		width: 18,
	},
	{ key: 'late', title: t('Days late'), kind: 'num', get: (row) => row.after?.daysLate ?? 0 },
	{
		key: 'value',
		title: t('Value'),
		kind: 'num',
		get: (row) => row.after?.revenue ?? row.before?.revenue ?? 0,
		show: (row) => money(row.after?.revenue ?? row.before?.revenue),
	},
	{ key: 'why', title: t('Why'), get: (row) => said(row.why), width: 38 },
];

/** The effect of a drag, before the hand lets go: at most one question under way, the latest wish next.
 * @param {(key: string, days: number) => {name: string, changes: Change[]}} make */
export function usePreview(make) {
	const [seen, show] = useState(/** @type {any} */ (null));
	const under = useRef(/** @type {{busy: boolean, next: [string, number] | null, id: string}} */ ({ busy: false, next: null, id: '' }));
	const forget = async () => {
		const id = under.current.id;
		under.current.id = '';
		if (id) await call('ScenarioService/Discard', { scenarioId: id }).catch(() => {});
	};
	useEffect(
		() => () => {
			forget();
		},
		[],
	);
	const preview = async (key, days) => {
		const now = under.current;
		if (now.busy) {
			now.next = [key, days];
			return;
		}
		now.busy = true;
		const began = performance.now();
		try {
			await forget();
			if (!days) {
				show(null);
			} else {
				const { name, changes } = make(key, days);
				now.id = await whatIf(name, changes);
				const compared = await call('ScenarioService/Compare', {
					scenarioId: now.id,
					withScenarioId: scenario.peek() || undefined,
					linesMax: 200,
					groupsMax: 8,
				});
				show({ key, days, name, id: now.id, compared, took: performance.now() - began });
			}
		} catch (error) {
			show({ key, days, error });
		}
		now.busy = false;
		if (now.next) {
			const next = now.next;
			now.next = null;
			preview(...next);
		}
	};
	const keep = () => {
		const id = under.current.id;
		under.current.id = '';
		return id;
	};
	return {
		seen,
		preview,
		keep,
		forget: () => {
			show(null);
			return forget();
		},
	};
}

/** Who is hit, in words and by name. @param {{of: any, keepText?: string, onKeep: () => void, onForget: () => any}} props */
export function Hit({ of, keepText, onKeep, onForget }) {
	if (!of) return null;
	if (of.error) return html`<section class="panel preview"><div class="state bad" role="alert">${of.error.message}</div></section>`;
	const { losers = 0, winners = 0, lines = [], groups = [], after = {}, before = {} } = of.compared;
	const more = (key, one = { after, before }) => Number(one.after?.[key] ?? 0) - Number(one.before?.[key] ?? 0);
	const customers = groups.filter((one) => one.dimension === 'customer' && more('revenueAtRisk', one)).slice(0, 10);
	return html`
		<${Panel}
			class="preview" title=${of.name}
			aside=${html`
				<span class="took">${t('{n} ms', { n: Math.round(of.took) })}</span>
				<${Do} class="main" run=${async () => onKeep()}>${keepText ?? t('Keep as a scenario')}<//>
				<${Do} run=${async () => onForget()}>${t('Forget it')}<//>
			`}>
			<p class="headline" aria-live="polite">
				${losers ? html`<b class="hurt">${t('{n} line is hit|{n} lines are hit', { n: num(losers) })}</b>` : html`
					<b class="fine">${t('Nobody is hit')}</b>
				`}
				${winners ? `, ${t('{n} is better off|{n} are better off', { n: num(winners) })}` : ''}
				${
					more('atRisk')
						? `, ${t('{n} at risk', { n: num(more('atRisk')) })}, ${t('worth {value}', { value: short(more('revenueAtRisk')) })}`
						: ''
				}.
			</p>
			${lines.length > 0 && html`
				<${Table}
					id="h" label=${t('lines')} columns=${differenceColumns()} rows=${lines}
					open=${(one) => go(to('promise', `${one.order}/${one.line}`))} />
				<div class="columns">
					<${Kpis} of=${of.compared} names=${[t('If so'), t('Now')]} />
					${customers.length > 0 && html`
						<table class="plain">
							<thead><tr><th>${t('Customers hit most')}</th><th class="num">${t('Revenue at risk')}</th></tr></thead>
							<tbody>
								${customers.map((one) => html`
									<tr>
										<td><a href=${href('promises', { customer: one.key })}>${one.key}</a></td>
										<td class="num">${money(more('revenueAtRisk', one))}</td>
									</tr>
								`)}
							</tbody>
						</table>
					`}
				</div>
			`}
		<//>
	`;
}

/** Asks who is hit if supplies come some days later.
 * @param {{title: string, label: string, hint: string, cells: Record<string, string>, name: (days: number) => string}} props */
export function WhoIsHit({ title, label, hint, cells, name }) {
	const { params } = route.value;
	const days = params.late ?? '14';
	const effect = usePreview((_, by) => ({ name: name(by), changes: [row('supply_moved', { ...cells, days: by })] }));
	const ask = () => {
		const by = readNumber(days);
		if (!Number.isInteger(by) || !by) {
			say(t('How many whole days?'), 'bad');
			return;
		}
		setParams({ late: days, asked: '1' });
		effect.preview('', by);
	};
	useEffect(() => {
		if (params.asked) ask();
	}, []);
	return html`
		<${Panel} title=${title}>
			<${Form} class="form inline" onSubmit=${ask}>
				<${Field} label=${label} mode="numeric" value=${days} on=${(late) => setParams({ late, asked: '' })} hint=${hint} />
				<div class="buttons"><button type="submit" class="main">${t('Who is hit?')}</button></div>
			<//>
		<//>
		<${Hit}
			of=${effect.seen} keepText=${t('Promise again in this scenario')} onKeep=${() => go('backlog', { scenario: effect.keep() })}
			onForget=${effect.forget} />
	`;
}
