// Figures: what was promised, on time to three bases, by whom, what and when; and what limits it, by value.
import { html, useMemo } from '../vendor/preact.js';
import { useAnswer } from '../api.js';
import { Choice, Field } from '../form.js';
import { date, num, percent, short } from '../format.js';
import { href, inScenario, route, setParams } from '../state.js';
import { Table } from '../table.js';
import { t } from '../texts.js';
import { Answer, Bar, Panel, Tile, link } from '../ui.js';

const MEASURES = [
	'lines',
	'quantity',
	'value',
	'cost',
	'profit',
	'on_time_lines',
	'on_time_value',
	'late_lines',
	'days_late_mean',
	'at_risk_lines',
	'at_risk_value',
	'backlog_lines',
	'backlog_value',
	'held_lines',
	'limited_value',
	'date_changes',
	'unmoved_lines',
];
const GROUPS = [
	'',
	'item',
	'category',
	'brand',
	'customer',
	'country',
	'region',
	'zone',
	'channel',
	'seller',
	'demand_class',
	'location',
	'ship_method',
	'supply',
	'state',
	'limiting',
];
/** Questions that people ask, as a click each. @returns {[string, Record<string, string>][]} */
const ready = () => [
	[t('Which resource costs us most?'), { by: 'resource', limits: '1' }],
	[t('Which supplier costs us most?'), { by: 'supplier', limits: '1' }],
	[t('Top items'), { group: 'item', m: 'value' }],
	[t('Best customers'), { group: 'customer', m: 'value' }],
	[t('On time by week'), { group: '', bucket: 'WEEK', m: 'on_time_lines' }],
	[t('What limits, by value'), { group: 'limiting', m: 'limited_value' }],
	[t('Profit by class'), { group: 'demand_class', m: 'profit' }],
];
const name = (word) => t(word.replaceAll('_', ' '));
/** @type {Record<string, string>} */
const LEADS = { item: 'item', resource: 'resource', supplier: 'supplier' };

/** Late and risky value by what limits it: a Pareto of exceptions. */
function Limits({ by }) {
	const body = inScenario({ groupBy: by, kinds: /** @type {any} */ (['LATE', 'AT_RISK']), pageSize: 1 });
	const found = useAnswer('ExceptionService/List', body);
	const rows = useMemo(() => (found.data?.groups ?? []).filter((one) => one.key), [found.data]);
	const most = Math.max(1, ...rows.map((one) => one.value ?? 0));
	return html`
		<${Panel} title=${t('Late and risky lines by the {what} that limits them', { what: name(by) })}>
			<${Answer} of=${found} none=${!rows.length} empty=${t('Nothing is limited by it.')}>
				<p class="headline">
					${rows[0] && html`
						<b>${link(by, rows[0].key)}</b> ${t('costs most: {value} in {n} promise|costs most: {value} in {n} promises', {
							value: short(rows[0].value),
							n: num(rows[0].promises ?? rows[0].count),
						})}
					`}
				</p>
				<${Table}
					id="l" label=${t('groups')} rows=${rows} ask=${['ExceptionService/List', body]}
					columns=${[
						{ key: 'key', title: name(by), narrow: true, show: (one) => link(by, one.key) },
						{
							key: 'value',
							title: t('Value'),
							kind: 'num',
							narrow: true,
							get: (one) => one.value ?? 0,
							show: (one) => num(one.value ?? 0, 0),
						},
						{
							key: 'bar',
							title: t('Part'),
							width: 24,
							get: (one) => one.value ?? 0,
							show: (one) => html`<${Bar} value=${one.value ?? 0} of=${most} kind="warn" />`,
						},
						{ key: 'promises', title: t('Promises'), kind: 'num', narrow: true, get: (one) => Number(one.promises ?? 0) },
						{ key: 'count', title: t('Exceptions'), kind: 'num', get: (one) => Number(one.count ?? 0) },
					]} />
			<//>
		<//>
	`;
}

export default function Figures() {
	const { params } = route.value;
	const set = (key) => (value) => setParams({ [key]: value });
	const by = params.limits ? params.by || 'resource' : '';
	const group = params.group ?? (params.bucket ? '' : 'demand_class');
	const lead = params.m || 'value';
	const measures = [lead, ...['lines', 'value', 'profit', 'on_time_lines', 'late_lines', 'at_risk_value'].filter((one) => one !== lead)];
	const body = inScenario({
		measures,
		groupBy: [group, params.group2].filter(Boolean),
		bucket: /** @type {any} */ (params.bucket || undefined),
		basis: /** @type {any} */ (params.basis || undefined),
		filter: params.filter || undefined,
		from: params.from || undefined,
		to: params.to || undefined,
		top: params.top ? Number(params.top) : undefined,
	});
	const found = useAnswer('AnalyticsService/Query', by ? null : body);
	const names = found.data?.columns ?? [];
	const keys = names.length - measures.length;
	const rows = useMemo(
		() => (found.data?.rows ?? []).map((one, n) => ({ id: n, keys: one.keys ?? [], values: one.values ?? [] })),
		[found.data],
	);
	const total = found.data?.total?.values ?? [];
	const at = (measure) => Number(total[measures.indexOf(measure)] ?? 0);
	const most = Math.max(1, ...rows.map((one) => Math.abs(one.values[0] ?? 0)));
	const columns = useMemo(
		() => [
			...names.slice(0, keys).map((key, n) => ({
				key: `k${n}`,
				title: name(key),
				narrow: true,
				kind: /** @type {any} */ (key === 'period' ? 'date' : 'text'),
				get: (row) => row.keys[n],
				show: (row) =>
					key === 'period' ? html`<time datetime=${row.keys[n]}>${date(row.keys[n])}</time>` : LEADS[key] && row.keys[n] ? link(
						LEADS[key],
						row.keys[n],
					) : key === 'customer' ? html`<a href=${href('promises', { customer: row.keys[n] })}>${row.keys[n]}</a>` : row.keys[n] ||
					t('none'),
			})),
			{
				key: 'bar',
				title: name(lead),
				width: 20,
				get: (row) => row.values[0],
				show: (row) => html`<${Bar} value=${Math.abs(row.values[0] ?? 0)} of=${most} kind=${(row.values[0] ?? 0) < 0 ? 'bad' : ''} />`,
			},
			...measures.map((measure, n) => ({
				key: measure,
				title: name(measure),
				kind: /** @type {const} */ ('num'),
				narrow: n < 2,
				get: (row) => row.values[n] ?? 0,
				show: (row) => num(row.values[n] ?? 0, measure.includes('mean') ? 2 : 0),
			})),
			{
				key: 'share',
				title: t('On time'),
				kind: /** @type {const} */ ('num'),
				get: (row) => (row.values[measures.indexOf('on_time_lines')] ?? 0) / (row.values[measures.indexOf('lines')] || 1),
				show: (row) => percent((row.values[measures.indexOf('on_time_lines')] ?? 0) / (row.values[measures.indexOf('lines')] || 1)),
			},
		],
		[names.join(), lead, rows],
	);
	return html`
		<div class="head"><h1>${t('Figures')}</h1></div>
		<div class="buttons pad" role="group" aria-label=${t('Questions')}>
			${ready().map(([text, patch]) => html`
				<a class="button small" href=${href('figures', { basis: params.basis, ...patch })}>${text}</a>
			`)}
		</div>
		${by ? html`<${Limits} by=${by} />` : html`
			<section class="panel">
				<div class="form">
					<${Choice} label=${t('Figure')} value=${lead} on=${set('m')} of=${MEASURES.map((one) => [one, name(one)])} />
					<${Choice} label=${t('By')} value=${group} on=${set('group')} of=${GROUPS.map((one) => [one, one ? name(one) : t('nothing')])} />
					<${Choice}
						label=${t('and by')} value=${params.group2 ?? ''} on=${set('group2')}
						of=${GROUPS.map((one) => [one, one ? name(one) : t('nothing')])} />
					<${Choice}
						label=${t('Period')} value=${params.bucket ?? ''} on=${set('bucket')}
						of=${[
							['', t('all at once')],
							['DAY', t('days')],
							['WEEK', t('weeks')],
							['MONTH', t('months')],
						]} />
					<${Choice}
						label=${t('Judged by')} value=${params.basis || 'REQUEST'} on=${set('basis')}
						of=${[
							['REQUEST', t('day asked for')],
							['FIRST_PROMISE', t('first promise')],
							['LAST_PROMISE', t('last promise')],
						]} />
					<${Field} label=${t('From')} type="date" value=${params.from ?? ''} on=${set('from')} />
					<${Field} label=${t('Until')} type="date" value=${params.to ?? ''} on=${set('to')} />
					<${Field} label=${t('Top')} mode="numeric" value=${params.top ?? ''} placeholder=${t('all')} on=${set('top')} />
					<${Field} class="wide" label=${t('Only lines')} value=${params.filter ?? ''} placeholder="customer=A|B" on=${set('filter')} />
				</div>
			</section>
			<${Answer} of=${found}>
				<div class="tiles">
					<${Tile} label=${t('Lines')} value=${num(at('lines'), 0)} /><${Tile} label=${t('Value')} value=${short(at('value'))} />
					<${Tile} label=${t('Profit')} value=${short(at('profit'))} />
					<${Tile} label=${t('On time')} value=${percent(at('lines') ? at('on_time_lines') / at('lines') : 0)} />
					<${Tile} label=${t('Late')} value=${num(at('late_lines'), 0)} />
					<${Tile} label=${t('Value at risk')} value=${short(at('at_risk_value'))} />
				</div>
				<section class="panel">
					<${Table} id="f" label=${t('rows')} tall rows=${rows} columns=${columns} ask=${['AnalyticsService/Query', body]} />
				</section>
			<//>
		`}
	`;
}
