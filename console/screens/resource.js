// Resource: its load against its capacity, who takes it, who is late because of it; more hours tried in a scenario.
import { html, useMemo } from '../vendor/preact.js';
import { useAnswer } from '../api.js';
import { num, percent } from '../format.js';
import { go, href, inScenario, route, setParams, to } from '../state.js';
import { Table } from '../table.js';
import { t } from '../texts.js';
import { Timeline } from '../timeline.js';
import { Answer, Panel, Segmented, Tile, lateness, orderLink } from '../ui.js';
import { More } from './more.js';

/** Load and capacity as a picture. */
export function Load({ days, label, onDay }) {
	const series = useMemo(
		() =>
			/** @type {any[]} */ ([
				{ label: t('load'), colour: 'demand', how: 'bars', values: days.map((one) => one.load ?? 0) },
				{ label: t('capacity'), colour: 'avail', how: 'steps', width: 2, values: days.map((one) => one.capacity ?? 0) },
			]),
		[days],
	);
	return html`<${Timeline} label=${label} days=${days.map((one) => one.date)} series=${series} height=${220} onDay=${onDay} />`;
}

/** Who takes it over all days, the latest first. @param {any[]} days */
export function takers(days) {
	const found = new Map();
	for (const day of days) {
		for (const one of day.takers ?? []) {
			const key = one.promiseId || one.workOrder || t('open work');
			const sum = found.get(key) ?? {
				key,
				promiseId: one.promiseId,
				order: one.order,
				line: one.line,
				daysLate: one.daysLate ?? 0,
				taken: 0,
				from: day.date,
				to: day.date,
			};
			found.set(key, { ...sum, taken: sum.taken + (one.hours ?? one.quantity ?? 0), to: day.date });
		}
	}
	return [...found.values()].sort((a, b) => b.daysLate - a.daysLate || b.taken - a.taken);
}

/** @returns {import('../rows.js').Column[]} */
export const takerColumns = (unit) => [
	{
		key: 'order',
		title: t('Order'),
		narrow: true,
		get: (one) => (one.order ? `${one.order}/${one.line}` : one.key),
		show: (one) => (one.promiseId ? orderLink(one) : one.key),
	},
	{ key: 'taken', title: unit, kind: 'num', narrow: true, show: (one) => num(one.taken, 2) },
	{
		key: 'late',
		title: t('Days late'),
		kind: 'num',
		narrow: true,
		get: (one) => one.daysLate,
		show: (one) => (one.promiseId ? lateness(one.daysLate) : ''),
	},
	{ key: 'from', title: t('First day'), kind: 'date' },
	{ key: 'to', title: t('Last day'), kind: 'date' },
];

export default function Resource({ of: resource }) {
	const { params } = route.value;
	const span = Number(params.days || 60);
	const body = inScenario({ resource, days: span });
	const found = useAnswer('AvailabilityService/GetCapacity', body);
	const limited = useAnswer('ExceptionService/List', inScenario({ groupBy: 'resource', pageSize: 1 }));
	const days = useMemo(() => (found.data?.days ?? []).map((one) => ({ capacity: 0, load: 0, free: 0, ...one })), [found.data]);
	const picked = params.day ?? '';
	const pick = (day) => setParams({ day });
	const rows = useMemo(() => takers(picked ? days.filter((one) => one.date === picked) : days), [days, picked]);
	const full = days.filter((one) => one.capacity > 0 && one.free <= 1e-6).length;
	const sum = (key) => days.reduce((all, one) => all + one[key], 0);
	const late = rows.filter((one) => one.daysLate > 0).length;
	const group = limited.data?.groups?.find((one) => one.key === resource);
	return html`
		<div class="head">
			<h1>${resource}</h1><span class="sub">${t('Resource')}</span>
			<span class="actions">
				<a class="button" href=${href('exceptions', { by: 'resource', 'x.limiting': resource })}>${t('Exceptions')}</a>
			</span>
		</div>
		<${Answer} of=${found}>
			<div class="tiles">
				<${Tile}
					label=${t('Used')} value=${percent(sum('capacity') ? sum('load') / sum('capacity') : 0)}
					note=${t('{a} of {b} hours', { a: num(sum('load'), 0), b: num(sum('capacity'), 0) })} />
				<${Tile} label=${t('Full days')} value=${num(full)} note=${t('of {n}', { n: days.length })} kind=${full ? 'warn' : ''} />
				<${Tile} label=${t('Lines on it')} value=${num(rows.length)} note=${picked ? t('on this day') : t('in this span')} />
				<${Tile}
					label=${t('of which late')} value=${num(late)}
					note=${group ? t('it limits {n} exception|it limits {n} exceptions', { n: Number(group.count ?? 0) }) : ''}
					kind=${late ? 'warn' : ''} />
			</div>
			<${Panel}
				title=${t('Load against capacity, hours')}
				aside=${html`
					<${Segmented}
						label=${t('Span')} value=${String(span)}
						of=${[
							['30', t('30 days')],
							['60', t('60 days')],
							['120', t('120 days')],
						]}
						onPick=${(days) => setParams({ days })} />
				`}>
				${days.length > 0 && html`<${Load} days=${days} label=${resource} onDay=${(day) => pick(day === picked ? '' : day)} />`}
			<//>
			<div class="columns wide-left">
				<section class="panel">
					<${Table}
						id="k" label=${t('lines and work orders')} columns=${takerColumns(t('Hours'))} rows=${rows}
						ask=${['AvailabilityService/GetCapacity', body]} open=${(one) => one.promiseId && go(to('promise', one.promiseId))}
						tools=${picked && html`<button type="button" class="quiet" onClick=${() => pick('')}>${t('All days')}</button>`} />
				</section>
				<div>
					<${More}
						title=${t('What if it worked longer?')} label=${t('Hours more a day')} given="20" span=${span} cells=${{ resource }}
						name=${(n) => t('{n} hours more of {name}', { n, name: resource })} />
				</div>
			</div>
		<//>
	`;
}
