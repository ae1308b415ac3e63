// Item: supply, demand and what is available on one axis; every document behind a click; supplies dragged to other days.
import { html, useMemo } from '../vendor/preact.js';
import { useAnswer } from '../api.js';
import { addDays, date, dayNumber, num } from '../format.js';
import { Hit, usePreview } from '../hit.js';
import { go, href, inScenario, route, setParams, to } from '../state.js';
import { Table } from '../table.js';
import { t } from '../texts.js';
import { Timeline } from '../timeline.js';
import { Answer, Panel, Problem, Segmented, link, orderLink } from '../ui.js';
import { row } from '../whatif.js';
import { About, Rules } from './about.js';

/** Days, or weeks of which stock figures are those of the last day. @param {any[]} days @param {boolean} weeks */
function buckets(days, weeks) {
	if (!weeks) return days;
	const found = new Map();
	for (const day of days) {
		const monday = addDays(day.date, -((dayNumber(day.date) + 3) % 7));
		const week = found.get(monday) ?? { date: monday < days[0].date ? days[0].date : monday, supply: 0, demand: 0 };
		found.set(monday, {
			...week,
			supply: week.supply + (day.supply ?? 0),
			demand: week.demand + (day.demand ?? 0),
			balance: day.balance,
			available: day.available,
		});
	}
	return [...found.values()];
}

/** @returns {import('../rows.js').Column[]} */
const eventColumns = () => [
	{ key: 'date', title: t('Date'), kind: 'date', narrow: true },
	{ key: 'kind', title: t('Kind'), get: (one) => t((one.kind ?? '').replaceAll('_', ' ')), width: 16 },
	{
		key: 'document',
		title: t('Document'),
		narrow: true,
		get: (one) => one.supply || one.demand || one.promiseId || '',
		show: (one) => (one.supply ? link('supply', one.supply) : one.promiseId ? orderLink({ ...one }) : one.demand || t('on hand')),
	},
	{
		key: 'quantity',
		title: t('Quantity'),
		kind: 'num',
		narrow: true,
		get: (one) => one.quantity ?? 0,
		show: (one) => html`
			<span class=${(one.quantity ?? 0) < 0 ? 'c-demand' : 'c-supply'}>${(one.quantity ?? 0) > 0 ? '+' : ''}${num(one.quantity)}</span>
		`,
	},
	{
		key: 'balance',
		title: t('Balance'),
		kind: 'num',
		narrow: true,
		get: (one) => one.balance ?? 0,
		show: (one) => html`<span class=${(one.balance ?? 0) < 0 ? 'hurt' : ''}>${num(one.balance)}</span>`,
	},
	{ key: 'class', title: t('Class'), get: (one) => one.demandClass },
	{
		key: 'partner',
		title: t('Customer or supplier'),
		get: (one) => one.customer || one.supplier,
		show: (one) => (one.supplier ? link('supplier', one.supplier) : one.customer || ''),
	},
];

export default function Item({ of: item }) {
	const { params } = route.value;
	const span = Number(params.days || 60);
	const about = useAnswer('CatalogService/GetItem', inScenario({ item }));
	const tables = useAnswer('AvailabilityService/GetAvailability', inScenario({ item, demandClass: params.class || undefined, days: span }));
	const places = tables.data?.tables ?? [];
	const location = params.location || places[0]?.location || '';
	const account = useAnswer('AvailabilityService/GetAccount', location ? inScenario({ item, location, days: span }) : null);
	const picked = params.day ?? '';
	const pick = (day) => setParams({ day });
	const table = places.find((one) => one.location === location);
	const weeks = params.by ? params.by === 'weeks' : span > 120;
	const days = useMemo(
		() =>
			buckets(
				(table?.days ?? []).map((day) => ({ supply: 0, demand: 0, balance: 0, available: 0, ...day })),
				weeks,
			),
		[table, weeks],
	);
	const first = days[0]?.date;
	const all = /** @type {any[]} */ (account.data?.events ?? []);
	const moved = usePreview((id, by) => ({
		name: t('{name} {n} day later|{name} {n} days later', { name: id, n: by }),
		changes: [row('supply_moved', { supply: id, days: by })],
	}));
	const handles = useMemo(
		() =>
			weeks
				? []
				: all
						.filter((one) => one.supply && first && one.date >= first && one.date <= days[days.length - 1].date)
						.map((one) => ({ id: one.supply, date: one.date, text: `${num(one.quantity)} ${t((one.kind ?? '').replaceAll('_', ' '))}` })),
		[all, days, weeks],
	);
	// While a supply is moved: what would be available then.
	const then = useAnswer(
		'AvailabilityService/GetAvailability',
		moved.seen?.id ? { item, demandClass: params.class || undefined, days: span, scenarioId: moved.seen.id } : null,
		{ live: false },
	);
	const thenDays = useMemo(
		() => buckets(then.data?.tables?.find((one) => one.location === location)?.days ?? [], weeks),
		[then.data, location, weeks],
	);
	const series = useMemo(
		() =>
			/** @type {any[]} */ ([
				{ label: t('supply'), colour: 'supply', how: 'bars', values: days.map((day, n) => (n === 0 ? null : day.supply || null)) },
				{ label: t('demand'), colour: 'demand', how: 'bars', values: days.map((day) => (day.demand ? -day.demand : null)) },
				{ label: t('balance'), colour: 'balance', how: 'steps', width: 1, dash: '4 3', values: days.map((day) => day.balance) },
				{ label: t('available'), colour: 'avail', how: 'steps', width: 2, values: days.map((day) => day.available) },
				...(thenDays.length
					? [
							{
								label: t('available then'),
								colour: 'bad',
								how: 'steps',
								bare: true,
								width: 2,
								dash: '6 4',
								values: days.map((_, n) => thenDays[n]?.available ?? 0),
							},
						]
					: []),
			]),
		[days, thenDays],
	);
	const events = useMemo(
		() => (picked ? all.filter((one) => one.date >= picked && one.date < (weeks ? addDays(picked, 7) : addDays(picked, 1))) : all),
		[all, picked, weeks],
	);
	const name = about.data?.description;
	return html`
		<div class="head">
			<h1>${item}</h1><span class="sub">${name ?? ''}</span>
			<span class="actions">
				<a class="button" href=${href('ask', { item })}>${t('Ask for it')}</a>
				<a class="button" href=${href('promises', { item })}>${t('Promises')}</a>
				<a class="button" href=${href('allocation', { item, location })}>${t('Allocation')}</a>
			</span>
		</div>
		<${Panel}
			title=${t('Availability')}
			aside=${html`
				${places.length > 1 && html`
					<label>
						<span class="sr">${t('Location')}</span>
						<select aria-label=${t('Location')} value=${location} onChange=${(event) => setParams({ location: event.target.value })}>
							${places.map((one) => html`<option value=${one.location} selected=${one.location === location}>${one.location}</option>`)}
						</select>
					</label>
				`}
				<input
					type="text" class="slim" aria-label=${t('For class')} placeholder=${t('for everybody, or a class')} value=${params.class ?? ''}
					onChange=${(event) => setParams({ class: event.target.value.trim() })} />
				${places.length === 1 && html`<span>${location}</span>`}
				<${Segmented}
					label=${t('Span')} value=${String(span)}
					of=${[
						['30', t('30 days')],
						['60', t('60 days')],
						['120', t('120 days')],
						['365', t('a year')],
					]}
					onPick=${(days) => setParams({ days })} />
				<${Segmented}
					label=${t('By')} value=${weeks ? 'weeks' : 'days'}
					of=${[
						['days', t('days')],
						['weeks', t('weeks')],
					]}
					onPick=${(by) => setParams({ by })} />
			`}>
			<${Answer} of=${tables} none=${!days.length} empty=${t('No location keeps or makes this item.')}>
				<${Timeline}
					label=${t('{item} at {location}', { item, location })} days=${days.map((day) => day.date)} series=${series}
					marks=${first ? [{ date: first, colour: 'ink' }] : []} handles=${handles} onDay=${(day) => pick(day === picked ? '' : day)}
					onMove=${(id, by) => moved.preview(id, by)} />
				<p class="pad muted">
					${t('On hand {n} {uom}.', { n: num(days[0]?.supply), uom: tables.data?.uom ?? '' })} ${
						handles.length ? t('Drag a supply (or use its arrow keys) to another day to see who is hurt.') : ''
					}
				</p>
			<//>
		<//>
		<${Hit} of=${moved.seen} onKeep=${() => go('scenarios', { scenario: moved.keep() })} onForget=${moved.forget} />
		<div class="columns wide-left">
			<section class="panel">
				${account.error ? html`<${Panel} title=${t('Documents')}><${Problem} error=${account.error} again=${account.again} /><//>` : html`
					<${Table}
						id="e" label=${picked ? t('documents of {date}', { date: date(picked) }) : t('documents')} columns=${eventColumns()}
						rows=${events} ask=${['AvailabilityService/GetAccount', inScenario({ item, location, days: span })]}
						tools=${picked && html`<button type="button" class="quiet" onClick=${() => pick('')}>${t('All days')}</button>`}
						open=${(one) => {
							if (one.supply) go(to('supply', one.supply));
							else if (one.promiseId) go(to('promise', one.promiseId));
						}} />
				`}
			</section>
			<div>${about.data && html`<${About} of=${about.data} />`}<${Rules} item=${item} location=${location} /></div>
		</div>
	`;
}
