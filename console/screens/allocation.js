// Allocation: the tree of classes with what each was given, took and has left; shares changed, with who is hurt seen first.
import { html, useEffect, useMemo } from '../vendor/preact.js';
import { call, requestId, useAnswer } from '../api.js';
import { Check, Choice, Combo, Field, Form } from '../form.js';
import { date, dayNumber, num, percent, readNumber } from '../format.js';
import { href, inScenario, route, say, scenario, setParams, status, tick } from '../state.js';
import { t } from '../texts.js';
import { Answer, Do, Panel, Segmented } from '../ui.js';
import { row, whatIf } from '../whatif.js';
import { BurnDown } from './burn.js';
import { Effect, Tree, ruled } from './shares.js';

export default function Allocation() {
	const { params } = route.value;
	const { item = '', location = '' } = params;
	const set = (name) => (value) => setParams({ [name]: value });
	const places = useAnswer('CatalogService/GetItem', item && !location ? { item } : null);
	const tables = useAnswer('AvailabilityService/GetAvailability', item && !location && places.error ? { item, days: 1 } : null);
	const only = places.data?.locations ?? tables.data?.tables?.map((one) => one.location) ?? [];
	useEffect(() => {
		if (only.length && !location) setParams({ location: only[0] });
	}, [only.join()]);
	const body = item && location ? inScenario({ item, location }) : null;
	const found = useAnswer('AllocationService/GetAllocation', body);
	const periods = found.data?.periods ?? [];
	const at = Math.max(
		0,
		periods.findIndex((one) => one.from === params.period),
	);
	const period = periods[at];
	const nodes = period?.nodes ?? [];
	const classes = [...new Set(nodes.map((one) => one.demandClass))];
	const today = status.value?.version?.asOf ?? period?.from ?? '';
	const gone = period
		? Math.max(
				0,
				Math.min(
					1,
					(dayNumber(today) - dayNumber(period.from ?? '')) / Math.max(1, dayNumber(period.to ?? '') - dayNumber(period.from ?? '') + 1),
				),
			)
		: 0;
	const how = params.how || 'set';
	const chosen = params.class || '';
	const own = nodes.find((one) => one.demandClass === chosen);
	const others = nodes.filter((one) => one.method === 'PERCENT' && one.kind === own?.kind && one !== own);
	const beside = others.reduce((sum, one) => sum + (one.value ?? 0), 0);
	const over = how === 'set' && own?.method === 'PERCENT' && own.kind === 'SHARE' && readNumber(params.value ?? '') + beside > 100 + 1e-9;
	const changes = useMemo(() => {
		const amount = readNumber(params.value ?? '');
		const date = params.from || undefined;
		if (how === 'release') return chosen ? [{ release: { demandClass: chosen, toClass: params.to || undefined, date } }] : null;
		if (!chosen || Number.isNaN(amount)) return null;
		if (how === 'shift') return params.to ? [{ shift: { fromClass: chosen, toClass: params.to, quantity: amount, date } }] : null;
		const yielding =
			over && params.yield
				? others.map((one) => ({
						setShare: { demandClass: one.demandClass, value: Math.floor(((one.value ?? 0) * (100 - amount) * 100) / beside) / 100, date },
					}))
				: [];
		return [{ setShare: { demandClass: chosen, value: amount, date } }, ...yielding];
	}, [how, chosen, params.value, params.to, params.from, over && params.yield, found.data]);
	const seen = useAnswer('AllocationService/Preview', body && changes ? { ...body, changes } : null);
	const after = changes ? seen.data?.after?.periods?.find((one) => one.from === period?.from)?.nodes : undefined;
	const make = async () => {
		if (!changes || !body) return;
		if (scenario.value) {
			say(t('Shares are changed in live. In a scenario, use its changes.'), 'bad');
			return;
		}
		const told = await call('AllocationService/Change', { item, location, requestId: requestId(), changes });
		if (told.changed) {
			say(t('Changed.'));
			setParams({ value: '', class: '', to: '' });
		} else say((told.refused ?? []).join('; '), 'bad');
		tick.value += 1;
	};
	const attempt = async () => {
		const rule = found.data?.rule;
		const on = params.from || period?.from;
		const rows =
			how === 'set'
				? (changes ?? []).map((one) =>
						row('share_changed', {
							rule,
							demand_class: /** @type {any} */ (one).setShare.demandClass,
							effective_from: on,
							value: /** @type {any} */ (one).setShare.value,
						}),
					)
				: how === 'shift'
					? [
							row('share_shifted', {
								item,
								location,
								demand_class: chosen,
								to_class: params.to,
								quantity: readNumber(params.value ?? ''),
								date: params.from,
							}),
						]
					: [row('share_released', { item, location, demand_class: chosen, to_class: params.to, date: params.from })];
		setParams({ scenario: await whatIf(t('Shares of {item}', { item }), rows), value: '' }, { push: true });
	};
	// Where nothing is being changed, how long a share lasts is what is looked at.
	const curve = period && html`<${BurnDown} item=${item} location=${location} period=${period} chosen=${chosen} today=${today} />`;
	return html`
		<div class="head">
			<h1>${t('Allocation')}</h1><span class="sub">${found.data?.rule ? t('rule {name}', { name: found.data.rule }) : ''}</span>
			${item && html`
				<span class="actions">
					<a class="button" href=${href(`item/${encodeURIComponent(item)}`, { location })}>${t('Availability')}</a>
					<a class="button" href=${href('promises', { item })}>${t('Promises')}</a>
				</span>
			`}
		</div>
		<section class="panel">
			<div class="form">
				<${Combo} label=${t('Item')} kinds=${['ITEM']} value=${item} on=${set('item')} />
				<${Combo} label=${t('Location')} kinds=${['LOCATION']} value=${location} on=${set('location')} />
			</div>
		</section>
		${!body ? html`
			<section class="panel">
				<div class="state empty"><b>${t('Whose shares?')}</b><p>${t('Choose an item and a location.')}</p></div>
			</section>
		` : html`
			<${Answer}
				of=${found} none=${!found.data?.rule}
				empty=${html`<b>${t('No rule divides it')}</b><p>${t('Everybody may take all of {item} at {location}.', { item, location })}</p>`}>
				<${Panel}
					title=${period ? t('{from} to {to}', { from: date(period.from), to: date(period.to) }) : ''}
					aside=${html`
						<span>${t('{share} of the time is gone (the mark in each bar)', { share: percent(gone, 0) })}</span>
						${periods.length > 1 ? html`
							<${Segmented}
								label=${t('Period')} value=${String(at)}
								of=${periods.slice(0, 8).map((one, n) => [String(n), t('from {date}', { date: date(one.from) })])}
								onPick=${(n) => setParams({ period: periods[Number(n)].from })} />
						` : ''}
					`}>
					<${Tree} nodes=${nodes} after=${after} gone=${gone} chosen=${chosen} onPick=${(name) => setParams({ class: name })} />
				<//>
				<div class="columns wide-right">
					<${Panel} title=${t('Change it')}>
						<${Form} class="form two" onSubmit=${() => {}}>
							<div class="full">
								<${Segmented}
									label=${t('Kind of change')} value=${how}
									of=${[
										['set', t('Set the share')],
										['shift', t('Shift units')],
										['release', t('Release')],
									]}
									onPick=${set('how')} />
							</div>
							<${Choice}
								label=${how === 'set' ? t('Class') : t('From class')} value=${chosen} on=${set('class')}
								of=${[['', '…'], ...classes.map((one) => [one, one])]} />
							${how !== 'set' && html`
								<${Choice}
									label=${t('To class')} value=${params.to ?? ''} on=${set('to')}
									of=${[['', how === 'release' ? t('the class above') : '…'], ...classes.map((one) => [one, one])]} />
							`}
							${how !== 'release' && html`
								<${Field}
									label=${how === 'set' ? (own?.method === 'PERCENT' ? t('Percent') : t('Value')) : t('Quantity')} mode="decimal"
									value=${params.value ?? ''} on=${set('value')}
									hint=${
										how === 'set' && own
											? t('now {value}', { value: ruled(own) })
											: own
												? t('{n} left', { n: num(own.left ?? 0) })
												: undefined
									} />
							`}
							${over && html`
								<div class="full">
									<${Check}
										label=${t('The others give way in proportion: together they would have {n} %', {
											n: num(beside + readNumber(params.value ?? ''), 2),
										})}
										checked=${!!params.yield} on=${(yes) => set('yield')(yes ? '1' : '')} />
								</div>
							`}
							<${Field} label=${t('From day')} type="date" value=${params.from ?? ''} on=${set('from')} />
							<div class="buttons">
								<${Do} class="main" disabled=${!changes || !seen.data || !!seen.data.refused?.length} run=${make}>${t('Change it')}<//>
								<${Do} disabled=${!changes} run=${attempt}>${t('Try in a scenario')}<//>
							</div>
						<//>
					<//>
					<div>
						${!changes && curve}
						<${Panel} title=${t('What it would do')}>
							${changes ? html`<${Answer} of=${seen}><${Effect} of=${seen.data} /><//>` : html`
								<p class="state empty">${t('Choose a class and a value: who is hurt is seen here before anything is changed.')}</p>
							`}
						<//>
						${changes && curve}
					</div>
				</div>
			<//>
		`}
	`;
}
