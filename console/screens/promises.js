// Promises: all of them by customer, item, state, risk and date; many at once cancelled or sent to a backlog run.
import { html, useEffect, useRef, useState } from '../vendor/preact.js';
import { call } from '../api.js';
import { Choice, Combo, Field } from '../form.js';
import { money, readDate, readNumber } from '../format.js';
import { go, inScenario, route, scenario, setParams, tick, to } from '../state.js';
import { Table, shape } from '../table.js';
import { t } from '../texts.js';
import { Badge, Problem, day, lateness, link, orderLink } from '../ui.js';
import { Picked } from './picked.js';

const last = (row, key) => (row.legs ?? []).reduce((most, leg) => (leg[key] > most ? leg[key] : most), '');
const late = (row) => Math.max(0, ...(row.legs ?? []).map((leg) => leg.daysLate ?? 0));

/** @returns {import('../rows.js').Column[]} */
export const columns = () => [
	{
		key: 'promise',
		title: t('Promise'),
		get: (row) => row.promiseId,
		show: (row) => link('promise', row.promiseId),
		order: 'promise_id',
		hide: true,
	},
	{ key: 'order', title: t('Order'), narrow: true, get: (row) => `${row.order}/${row.line}`, show: orderLink, order: 'order' },
	{ key: 'customer', title: t('Customer'), order: 'customer' },
	{ key: 'item', title: t('Item'), narrow: true, show: (row) => link('item', row.item), order: 'item' },
	{ key: 'quantity', title: t('Quantity'), kind: 'num', get: (row) => row.quantity ?? 0, order: 'quantity' },
	{
		key: 'state',
		title: t('State'),
		width: 14,
		show: (row) => html`<${Badge} is=${row.state} />${row.atRisk ? html` <${Badge} is="AT_RISK" />` : ''}`,
		order: 'state',
	},
	{ key: 'requested', title: t('Asked for'), kind: 'date', get: (row) => row.requestedDate, order: 'requested_date' },
	{ key: 'ships', title: t('Ships'), kind: 'date', get: (row) => last(row, 'shipDate'), order: 'ship_date' },
	{ key: 'arrives', title: t('Arrives'), kind: 'date', get: (row) => last(row, 'arrivalDate'), order: 'arrival_date' },
	{
		key: 'late',
		title: t('Days late'),
		kind: 'num',
		narrow: true,
		width: 13,
		get: late,
		show: (row) => lateness(late(row)),
		order: 'days_late',
	},
	{ key: 'location', title: t('From'), get: (row) => row.legs?.[0]?.location, order: 'location' },
	{ key: 'method', title: t('By'), hide: true, get: (row) => row.legs?.[0]?.shipMethod },
	{ key: 'class', title: t('Class'), hide: true, get: (row) => row.demandClass, order: 'demand_class' },
	{ key: 'profit', title: t('Profit'), kind: 'num', get: (row) => row.profit ?? 0, show: (row) => money(row.profit ?? 0), order: 'profit' },
	{
		key: 'cost',
		title: t('Cost'),
		kind: 'num',
		hide: true,
		get: (row) => row.cost ?? 0,
		show: (row) => money(row.cost ?? 0),
		order: 'cost',
	},
	{ key: 'priority', title: t('Priority'), kind: 'num', hide: true, get: (row) => row.priority ?? 0, order: 'priority' },
	{
		key: 'created',
		title: t('Promised on'),
		kind: 'date',
		hide: true,
		get: (row) => (row.createdAt ?? '').slice(0, 10),
		show: (row) => day((row.createdAt ?? '').slice(0, 10)),
		order: 'created_at',
	},
];

/** The filter row in the server's words: `customer=A|B quantity>=5`.
 * @param {Record<string, string>} filters @param {import('../rows.js').Column[]} all */
function queryOf(filters, all) {
	const parts = [];
	for (const column of all) {
		const text = filters[column.key]?.trim();
		if (!text || !column.order) continue;
		const value = (part) =>
			column.kind === 'num'
				? String(readNumber(part))
				: column.kind === 'date'
					? readDate(part) || part.trim()
					: part.trim().replace(/\s/g, '?');
		const range = /^(.+)\.\.(.+)$/.exec(text);
		const compared = /^(<=|>=|<|>|=)(.+)$/.exec(text);
		if (range) parts.push(`${column.order}>=${value(range[1])}`, `${column.order}<=${value(range[2])}`);
		else if (compared) parts.push(`${column.order}${compared[1]}${value(compared[2])}`);
		else parts.push(`${column.order}=${text.split('|').map(value).join('|')}`);
	}
	return parts.join(' ');
}

const STATES = ['HELD', 'CONFIRMED', 'FULFILLED', 'CANCELLED', 'EXPIRED'];

export default function Promises() {
	const { params } = route.value;
	const all = columns();
	const { sort, down, filters } = shape('p', all);
	const order = all.find((column) => column.key === sort)?.order;
	const query = [queryOf(filters, all), params.query].filter(Boolean).join(' ');
	const states = params.state === 'all' ? [] : params.state ? [params.state.toUpperCase()] : ['HELD', 'CONFIRMED'];
	const body = inScenario({
		customer: params.customer || undefined,
		item: params.item || undefined,
		location: params.location || undefined,
		demandClass: params.class || undefined,
		order: params.order || undefined,
		atRisk: params.risk ? true : undefined,
		shipDateFrom: params.from || undefined,
		shipDateTo: params.to || undefined,
		states: states.length ? /** @type {any} */ (states) : undefined,
		orderBy: order ? (down ? `-${order}` : order) : undefined,
		query: query || undefined,
	});
	const key = JSON.stringify(body);
	const [found, setFound] = useState(/** @type {any} */ ({ rows: [], total: 0, next: '', of: '' }));
	const [error, setError] = useState(/** @type {any} */ (null));
	const [busy, setBusy] = useState(false);
	const [picked, pick] = useState(new Set());
	const current = useRef('');
	const loading = useRef(false);
	const load = async (token, before, pageSize = 300) => {
		loading.current = true;
		try {
			const page = await call('PromiseService/List', { ...JSON.parse(key), pageSize, pageToken: token || undefined });
			if (current.current !== key) return;
			const rows = [...before, ...(page.promises ?? [])];
			setFound({
				rows,
				total: Number(/** @type {any} */ (page).total ?? 0) || rows.length + (page.nextPageToken ? 1 : 0),
				next: page.nextPageToken ?? '',
				of: key,
			});
			setError(null);
		} catch (problem) {
			setError(problem);
		} finally {
			loading.current = false;
			setBusy(false);
		}
	};
	useEffect(() => {
		current.current = key;
		setBusy(true);
		const timer = setTimeout(() => load('', []), found.of ? 150 : 0);
		return () => clearTimeout(timer);
	}, [key, tick.value]);
	const more = () => {
		if (found.next && !loading.current && found.of === key) load(found.next, found.rows, 2000);
	};
	const everything = async () => {
		let rows = found.rows;
		let token = found.next;
		while (token) {
			const page = await call('PromiseService/List', { ...JSON.parse(key), pageSize: 10000, pageToken: token });
			rows = [...rows, ...(page.promises ?? [])];
			token = page.nextPageToken ?? '';
		}
		return rows;
	};
	const chosen = found.rows.filter((row) => picked.has(row.promiseId));
	const tools = chosen.length > 0 && html`<${Picked} of=${chosen} onDone=${() => pick(new Set())} />`;
	const set = (name) => (value) => setParams({ [name]: value });
	return html`
		<div class="head"><h1>${t('Promises')}</h1><span class="sub">${busy ? t('Asking …') : ''}</span></div>
		<section class="panel">
			<div class="form">
				<${Combo} label=${t('Customer')} kinds=${['CUSTOMER']} value=${params.customer ?? ''} on=${set('customer')} />
				<${Combo} label=${t('Item')} kinds=${['ITEM']} value=${params.item ?? ''} on=${set('item')} />
				<${Combo} label=${t('Location')} kinds=${['LOCATION']} value=${params.location ?? ''} on=${set('location')} />
				<${Field} label=${t('Class')} value=${params.class ?? ''} on=${set('class')} />
				<${Choice}
					label=${t('State')} value=${params.state ?? ''} on=${set('state')}
					of=${[
						['', t('held, confirmed')],
						['all', t('all')],
						...STATES.map((one) => [
							one.toLowerCase(),
							t({ HELD: 'held', CONFIRMED: 'confirmed', FULFILLED: 'shipped', CANCELLED: 'cancelled', EXPIRED: 'expired' }[one] ?? one),
						]),
					]} />
				<${Choice}
					label=${t('Risk')} value=${params.risk ?? ''} on=${set('risk')}
					of=${[
						['', t('any')],
						['1', t('at risk only')],
					]} />
				<${Field} label=${t('Ships from')} type="date" value=${params.from ?? ''} on=${set('from')} />
				<${Field} label=${t('Ships until')} type="date" value=${params.to ?? ''} on=${set('to')} />
			</div>
		</section>
		<section class="panel">
			${error ? html`<${Problem} error=${error} again=${() => load('', [])} />` : html`
				<${Table}
					id="p" label=${t('promises')} tall columns=${all} rows=${found.rows} total=${found.total} remote more=${more} all=${everything}
					keyOf=${(row) => row.promiseId} pick=${picked} onPick=${pick} open=${(row) => go(to('promise', row.promiseId))}
					ask=${['PromiseService/List', body]} tools=${tools}
					empty=${busy ? t('Asking …') : html`
						<b>${t('No promise fits')}</b><p>${scenario.value ? '' : t('Take a filter away, or ask for all states.')}</p>
					`} />
			`}
		</section>
	`;
}
