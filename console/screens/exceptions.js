// Exceptions: what needs somebody, grouped by what limits it; seen, put off, tried, or made good.
import { html, useMemo, useRef, useState } from '../vendor/preact.js';
import { call, useAnswer } from '../api.js';
import { Choice, Combo } from '../form.js';
import { money, num } from '../format.js';
import { said } from '../said.js';
import { href, inScenario, route, say, scenario, setParams } from '../state.js';
import { Table, shape } from '../table.js';
import { t } from '../texts.js';
import { Answer, Badge, Panel, link, orderLink, word } from '../ui.js';
import { One, limitLink } from './exception.js';

const KINDS = [
	'AT_RISK',
	'LATE',
	'COULD_BE_SOONER',
	'SUPPLY_LATE',
	'OVERCOMMITTED',
	'OVER_CONSUMED',
	'HOLD_EXPIRING',
	'SOURCE_STALE',
	'FORCED',
];
/** Where the name of a group leads. @type {Record<string, string>} */
const LEADS = { resource: 'resource', supplier: 'supplier', item: 'item', supply: 'supply' };
const limiting = (one) =>
	one.limiting?.resource || one.limiting?.supply || one.limiting?.supplier || one.limiting?.item || one.limiting?.demandClass || '';

/** @returns {import('../rows.js').Column[]} */
const columns = (seen = false) => [
	{
		key: 'kind',
		order: 'kind',
		title: t('Kind'),
		narrow: true,
		width: 13,
		get: (one) => word(one.kind),
		show: (one) => html`<${Badge} is=${one.kind} />`,
	},
	{
		key: 'level',
		order: 'level',
		title: t('Level'),
		width: 9,
		get: (one) => ['', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'].indexOf(one.level),
		show: (one) => html`<${Badge} is=${one.level} />`,
	},
	{
		key: 'about',
		title: t('About'),
		narrow: true,
		width: 18,
		get: (one) => (one.order ? `${one.order}/${one.line}` : one.subject),
		show: (one) => (one.order ? orderLink({ ...one, promiseId: one.promiseIds?.[0] }) : one.subject),
	},
	{ key: 'customer', title: t('Customer') },
	{ key: 'item', title: t('Item'), show: (one) => (one.item ? link('item', one.item) : '') },
	{ key: 'limiting', title: t('Limited by'), narrow: true, get: limiting, show: limitLink, width: 18 },
	{ key: 'days', order: 'days', title: t('Days'), kind: 'num', narrow: true, get: (one) => one.days ?? 0 },
	{ key: 'value', order: 'value', title: t('Value'), kind: 'num', get: (one) => one.value ?? 0, show: (one) => money(one.value ?? 0) },
	{ key: 'cause', title: t('Why'), get: (one) => said(one.cause), width: 56 },
	{
		key: 'seen',
		title: t('Seen by'),
		hide: !seen,
		get: (one) => one.acknowledged?.by,
		show: (one) => (one.acknowledged ? `${one.acknowledged.by}${one.acknowledged.note ? `: ${one.acknowledged.note}` : ''}` : ''),
	},
	{ key: 'since', order: 'since', title: t('Since'), hide: true, kind: 'date', get: (one) => (one.since ?? '').slice(0, 10) },
];

export default function Exceptions() {
	const { params } = route.value;
	const by = params.by || 'kind';
	const kinds = params.kind ? params.kind.toUpperCase().split('.') : [];
	const body = inScenario({
		kinds: /** @type {any} */ (kinds),
		groupBy: by,
		customer: params.customer || undefined,
		item: params.item || undefined,
		supplier: params.supplier || undefined,
		snoozed: params.snoozed ? true : undefined,
		atLeast: /** @type {any} */ (params.level || undefined),
	});
	const counts = useAnswer(
		'ExceptionService/List',
		inScenario({ groupBy: 'kind', pageSize: 1, snoozed: params.snoozed ? true : undefined }),
	);
	const { sort, down } = shape('x', columns());
	const by_ = /** @type {Record<string, string>} */ ({ kind: 'kind', level: 'level', days: 'days', value: 'value', since: 'since' })[sort];
	// Page by page: more come as one scrolls.
	const question = { ...body, pageSize: 200, orderBy: by_ ? `${down ? '-' : ''}${by_}` : undefined };
	const found = useAnswer('ExceptionService/List', question);
	const [later, setLater] = useState(/** @type {any} */ ({ of: '', rows: [], next: '' }));
	const loading = useRef(false);
	const kept = later.of === found.of ? later : { of: found.of, rows: [], next: found.data?.nextPageToken ?? '' };
	const rows = useMemo(() => [...(found.data?.exceptions ?? []), ...kept.rows], [found.data, kept.rows]);
	const open = params.one && rows.find((one) => one.exceptionId === params.one);
	const more = async () => {
		if (!kept.next || loading.current) return;
		loading.current = true;
		try {
			const page = await call('ExceptionService/List', { ...question, pageToken: kept.next });
			setLater({ of: found.of, rows: [...kept.rows, ...(page.exceptions ?? [])], next: page.nextPageToken ?? '' });
		} catch (error) {
			say(/** @type {any} */ (error).message, 'bad');
		} finally {
			loading.current = false;
		}
	};
	const count = (kind) => Number(counts.data?.groups?.find((one) => one.key?.toUpperCase() === kind)?.count ?? 0);
	const toggle = (kind) =>
		setParams(
			{ kind: (kinds.includes(kind) ? kinds.filter((one) => one !== kind) : [...kinds, kind]).join('.').toLowerCase() },
			{ push: true },
		);
	const groups = found.data?.groups ?? [];
	return html`
		<div class="head">
			<h1>${t('Exceptions')}</h1><span class="sub">${found.data ? t('{n} in all', { n: num(found.data.total) }) : ''}</span>
		</div>
		<section class="panel">
			<div class="form">
				<${Choice}
					label=${t('Grouped by')} value=${by} on=${(value) => setParams({ by: value })}
					of=${[
						['kind', t('kind')],
						['level', t('level')],
						['customer', t('customer')],
						['item', t('item')],
						['supplier', t('supplier')],
						['resource', t('resource')],
						['supply', t('supply')],
						['location', t('location')],
						['demand_class', t('class')],
					]} />
				<${Choice}
					label=${t('At least')} value=${params.level ?? ''} on=${(level) => setParams({ level })}
					of=${[
						['', t('any level')],
						['MEDIUM', t('medium')],
						['HIGH', t('high')],
						['CRITICAL', t('critical')],
					]} />
				${[
					['customer', t('Customer'), 'CUSTOMER'],
					['item', t('Item'), 'ITEM'],
					['supplier', t('Supplier'), 'SUPPLIER'],
				].map(([name, label, kind]) => html`
					<${Combo} label=${label} kinds=${[kind]} value=${params[name] ?? ''} on=${(value) => setParams({ [name]: value })} />
				`)}
				<${Choice}
					label=${t('Put off')} value=${params.snoozed ?? ''} on=${(snoozed) => setParams({ snoozed })}
					of=${[
						['', t('left out')],
						['1', t('shown too')],
					]} />
			</div>
			<div class="buttons pad" role="group" aria-label=${t('Kinds')}>
				${KINDS.filter((kind) => count(kind) || kinds.includes(kind)).map((kind) => html`
					<button type="button" class="small" aria-pressed=${kinds.includes(kind) ? 'true' : 'false'} onClick=${() => toggle(kind)}>
						<${Badge} is=${kind} /> ${num(count(kind))}
					</button>
				`)}
			</div>
		</section>
		<${Answer} of=${found}>
			${by !== 'kind' && html`
				<${Panel} title=${t('By {what}', { what: t(by === 'demand_class' ? 'class' : by) })}>
					<${Table}
						id="g" label=${t('groups')} rows=${groups}
						columns=${[
							{
								key: 'key',
								title: t(by === 'demand_class' ? 'class' : by),
								narrow: true,
								show: (one) =>
									one.key ? LEADS[by] ? link(LEADS[by], one.key) : by === 'customer' ? html`
										<a href=${href('promises', { customer: one.key })}>${one.key}</a>
									` : one.key : t('none'),
							},
							{ key: 'count', title: t('Exceptions'), kind: 'num', narrow: true, get: (one) => Number(one.count ?? 0) },
							{ key: 'promises', title: t('Promises'), kind: 'num', get: (one) => Number(one.promises ?? 0) },
							{
								key: 'value',
								title: t('Value'),
								kind: 'num',
								narrow: true,
								get: (one) => one.value ?? 0,
								show: (one) => money(one.value ?? 0),
							},
						]} />
				<//>
			`}
			<section class="panel">
				<${Table}
					id="x" label=${t('exceptions')} tall columns=${columns(rows.some((one) => one.acknowledged))} rows=${rows}
					remote=${!!kept.next || kept.rows.length > 0} total=${Number(found.data?.total ?? rows.length)} more=${more}
					ask=${['ExceptionService/List', body]} open=${(one) => setParams({ one: one.exceptionId }, { push: true })}
					empty=${html`
						<b>${t('Nothing needs you')}</b><p>${scenario.value ? t('Not in this scenario.') : t('No exception of this kind.')}</p>
					`} />
			</section>
		<//>
		${open && html`<${One} key=${open.exceptionId} of=${open} onClose=${() => setParams({ one: '' })} />`}
	`;
}
