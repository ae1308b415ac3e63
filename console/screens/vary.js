// Vary: one value over a range, what service, lateness and money become with each, as a picture and as rows.
import { html, useMemo, useRef, useState } from '../vendor/preact.js';
import { stream } from '../api.js';
import { Check, Choice, Field, Form } from '../form.js';
import { num, percent, readNumber, short } from '../format.js';
import { inScenario, route, setParams } from '../state.js';
import { Table } from '../table.js';
import { cap, t } from '../texts.js';
import { Panel, Problem } from '../ui.js';

/** What can be varied: how its key is written, and a range to begin with. @type {() => Record<string, [string, string, string]>} */
const KINDS = () => ({
	supply: [t('days a supply comes later'), 'PO-4001-8791', '-7..14'],
	on_hand: [t('units on hand'), 'BK-M82S-42/PLANT', '0..100'],
	capacity: [t('hours more a working day'), 'Final Assembly', '0..8'],
	lead_time: [t('days of lead time'), 'CARLSON0001/PA-187B', '5..20'],
	share: [t('share of a class'), 'RULE/CLASS/2014-04-01', '0..60'],
});
/** The figures that are drawn and listed. @returns {[string, string, (n: number) => string, boolean][]} */
const figures = () => [
	['onTimeShare', t('On time'), percent, true],
	['daysLateMean', t('Mean days late'), (n) => num(n, 2), true],
	['profit', t('Profit'), short, true],
	['atRisk', t('Lines at risk'), (n) => num(n), false],
	['cost', t('Cost'), short, false],
	['revenueOnTime', t('Revenue on time'), short, false],
];

/** One figure over the values, with its ends in words. */
function Line({ rows, of: [key, title, show] }) {
	const all = rows.map((row) => Number(row.figures[key] ?? 0));
	const [low, high] = [Math.min(...all), Math.max(...all)];
	const x = (n) => 2 + (n / Math.max(1, rows.length - 1)) * 96;
	const y = (value) => (high > low ? 56 - ((value - low) / (high - low)) * 48 : 32);
	const words = rows.map((row, n) => `${num(row.value)}: ${show(all[n])}`);
	return html`
		<figure class="pad">
			<figcaption><b>${title}</b> <span class="muted">${show(low)}${high > low ? ` – ${show(high)}` : ''}</span></figcaption>
			<svg class="line" viewBox="0 0 100 64" preserveAspectRatio="none" role="img" aria-label=${`${title}. ${words.join('; ')}`}>
				<polyline points=${all.map((value, n) => `${x(n)},${y(value)}`).join(' ')} />
				${all.map((value, n) => html`<rect x=${x(n) - 0.6} y=${y(value) - 1.6} width="1.2" height="3.2"><title>${words[n]}</title></rect>`)}
			</svg>
			<small class="ends"><span>${num(rows[0].value)}</span><span>${num(rows[rows.length - 1].value)}</span></small>
		</figure>
	`;
}

export default function Vary() {
	const { params } = route.value;
	const kind = params.kind || 'supply';
	const [words, example, range] = KINDS()[kind];
	const [from, to] = (params.range || range).split('..');
	const [told, setTold] = useState(/** @type {any} */ ({ rows: [], of: 0 }));
	const [error, setError] = useState(/** @type {any} */ (null));
	const under = useRef(/** @type {AbortController | null} */ (null));
	const set = (name) => (value) => setParams({ [name]: value });
	const body = inScenario({
		parameter: `${kind}:${params.key ?? ''}:${readNumber(from)}..${readNumber(to)}${params.step ? `:${readNumber(params.step)}` : ''}`,
		run: params.stands ? undefined : {},
	});
	const start = async () => {
		under.current?.abort();
		const mine = new AbortController();
		under.current = mine;
		setError(null);
		setTold({ rows: [], of: 0, busy: true });
		const rows = /** @type {any[]} */ ([]);
		try {
			await stream(
				'ScenarioService/Vary',
				body,
				(one) => {
					rows.push({ ...one, value: Number(one.value ?? 0), figures: one.figures ?? {} });
					setTold({ rows: [...rows], of: one.values, busy: true });
				},
				mine.signal,
			);
		} catch (problem) {
			if (!mine.signal.aborted) setError(problem);
		}
		if (under.current === mine) setTold((before) => ({ ...before, busy: false }));
	};
	const columns = useMemo(
		() => [
			{ key: 'value', title: words, kind: /** @type {const} */ ('num'), narrow: true, get: (row) => row.value },
			...figures().map(([key, title, show, narrow]) => ({
				key,
				title,
				kind: /** @type {const} */ ('num'),
				narrow,
				get: (row) => Number(row.figures[key] ?? 0),
				show: (row) => show(Number(row.figures[key] ?? 0)),
			})),
		],
		[words],
	);
	return html`
		<div class="head">
			<h1>${t('Vary a value')}</h1><span class="sub">${t('What would each value cost or bring? Nothing is changed.')}</span>
		</div>
		<section class="panel">
			<${Form} class="form" onSubmit=${start}>
				<${Choice}
					class="wide" label=${t('What')} value=${kind} on=${(next) => setParams({ kind: next, key: '', range: '' })}
					of=${Object.entries(KINDS()).map(([key, [text]]) => [key, text])} />
				<${Field} label=${t('Of which')} value=${params.key ?? ''} placeholder=${example} on=${set('key')} />
				<${Field} label=${t('From')} mode="decimal" value=${from} on=${(value) => setParams({ range: `${value}..${to}` })} />
				<${Field} label=${t('Until')} mode="decimal" value=${to} on=${(value) => setParams({ range: `${from}..${value}` })} />
				<${Field} label=${t('Step')} mode="decimal" value=${params.step ?? ''} placeholder="1" on=${set('step')} />
				<div class="buttons">
					<button type="submit" class="main" disabled=${!params.key}>${t('Work it out')}</button>
					${told.busy && html`<button type="button" onClick=${() => under.current?.abort()}>${t('Stop')}</button>`}
					<${Check}
						label=${t('Lines are promised again with each value')} checked=${!params.stands} on=${(yes) => set('stands')(yes ? '' : '1')} />
				</div>
			<//>
		</section>
		${error && html`<section class="panel"><${Problem} error=${error} again=${start} /></section>`}
		${told.busy && html`<p class="muted" role="status"><span class="spinner"></span> ${told.rows.length} / ${told.of || '…'}</p>`}
		${told.rows.length > 0 && html`
			<${Panel} title=${`${cap(words)}: ${params.key}`}>
				<div class="lines">${figures().slice(0, 4).map((one) => html`<${Line} rows=${told.rows} of=${one} />`)}</div>
			<//>
			<section class="panel">
				<${Table} id="v" label=${t('values')} rows=${told.rows} columns=${columns} ask=${['ScenarioService/Vary', body]} />
			</section>
		`}
	`;
}
