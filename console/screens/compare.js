// Compare: any two of live and the scenarios, in figures, by group and line by line.
import { html, useMemo } from '../vendor/preact.js';
import { useAnswer } from '../api.js';
import { num, percent, short, signed } from '../format.js';
import { Kpis, differenceColumns } from '../hit.js';
import { go, href, hue, route, setParams, to } from '../state.js';
import { Table } from '../table.js';
import { t } from '../texts.js';
import { Answer, Bar, Panel, Segmented, Tile } from '../ui.js';

export default function Compare() {
	const { params } = route.value;
	const { a = '', b = 'live' } = params;
	const by = params.group || 'demand_class';
	const all = useAnswer('ScenarioService/List', {});
	/** @type {[string, string][]} */
	const names = [
		['live', t('Live')],
		...(all.data?.scenarios ?? []).map((one) => /** @type {[string, string]} */ ([one.scenarioId, one.name || one.scenarioId])),
	];
	const name = (id) => names.find(([key]) => key === id)?.[1] ?? id;
	const body = a && a !== 'live' ? { scenarioId: a, withScenarioId: b === 'live' ? undefined : b, linesMax: 5000, groupsMax: 200 } : null;
	const found = useAnswer('ScenarioService/Compare', body);
	const of = /** @type {any} */ (found.data ?? {});
	const groups = useMemo(() => (of.groups ?? []).filter((one) => one.dimension === by), [found.data, by]);
	const lines = useMemo(() => of.lines ?? [], [found.data]);
	const pick = (key, label, value) => html`
		<label>
			<span class="dot" data-hue=${value === 'live' ? 0 : hue(value)}></span> <select
				aria-label=${label} value=${value} onChange=${(event) => setParams({ [key]: event.target.value }, { push: true })}>
				${names.filter(([id]) => key === 'b' || id !== 'live').map(([id, text]) => html`
					<option value=${id} selected=${id === value}>${text}</option>
				`)}
				${!names.some(([id]) => id === value) && value && html`<option value=${value} selected>${value}</option>`}
			</select>
		</label>
	`;
	const share = (one) => one?.onTimeShare ?? 0;
	const most = Math.max(of.after?.profit ?? 0, of.before?.profit ?? 0, 1);
	return html`
		<div class="head">
			<h1>${t('Compare')}</h1><span class="sub">${pick('a', t('Scenario'), a)} ${t('against')} ${pick('b', t('Against'), b)}</span>
			${a && html`<span class="actions"><a class="button" href=${href('today', { scenario: a })}>${t('Look around in it')}</a></span>`}
		</div>
		${!body ? html`
			<section class="panel">
				<div class="state empty"><b>${t('Which scenario?')}</b><p>${t('Choose one above, or make one first.')}</p></div>
			</section>
		` : html`
			<${Answer} of=${found}>
				<div class="tiles">
					<${Tile} label=${t('Better off')} value=${num(of.winners ?? 0)} kind=${of.winners ? 'good' : ''} />
					<${Tile} label=${t('Worse off')} value=${num(of.losers ?? 0)} kind=${of.losers ? 'bad' : ''} />
					<${Tile} label=${t('Added')} value=${num(of.added ?? 0)} /><${Tile} label=${t('Gone')} value=${num(of.gone ?? 0)} />
					<${Tile}
						label=${t('On time')} value=${percent(share(of.after))} note=${t('before {value}', { value: percent(share(of.before)) })} />
					<${Tile} label=${t('Profit')} value=${short(of.after?.profit)} note=${t('before {value}', { value: short(of.before?.profit) })} />
				</div>
				<div class="columns">
					<${Panel} title=${t('Figures')}><${Kpis} of=${of} names=${[name(a), name(b)]} /><//>
					<${Panel}
						title=${t('By group, where it differs')}
						aside=${html`
							<${Segmented}
								label=${t('Group')} value=${by}
								of=${[
									['demand_class', t('class')],
									['customer', t('customer')],
									['item', t('item')],
									['location', t('location')],
								]}
								onPick=${(group) => setParams({ group })} />
						`}>
						<${Table}
							id="g" label=${t('groups')} rows=${groups}
							columns=${[
								{ key: 'key', title: t('Group'), narrow: true, get: (one) => one.key || t('none') },
								{
									key: 'on',
									title: t('On time'),
									kind: 'num',
									narrow: true,
									get: (one) => share(one.after),
									show: (one) => percent(share(one.after)),
								},
								{
									key: 'by',
									title: t('Difference'),
									kind: 'num',
									narrow: true,
									get: (one) => share(one.after) - share(one.before),
									show: (one) => {
										const by = share(one.after) - share(one.before);
										return Math.abs(by) < 1e-9 ? '–' : html`<span class=${by < 0 ? 'hurt' : 'fine'}>${signed(by * 100, 1)}</span>`;
									},
								},
								{ key: 'risk', title: t('At risk'), kind: 'num', get: (one) => Number(one.after?.atRisk ?? 0) },
								{
									key: 'profit',
									title: t('Profit'),
									kind: 'num',
									get: (one) => (one.after?.profit ?? 0) - (one.before?.profit ?? 0),
									show: (one) => signed((one.after?.profit ?? 0) - (one.before?.profit ?? 0), 0),
								},
							]} />
					<//>
				</div>
				<${Panel} title=${t('Service and money')}>
					<dl class="facts">
						<div><dt>${t('On time')}: ${name(a)}</dt><dd><${Bar} value=${share(of.after)} of=${1} kind="good" /></dd></div>
						<div><dt>${t('On time')}: ${name(b)}</dt><dd><${Bar} value=${share(of.before)} of=${1} /></dd></div>
						<div><dt>${t('Profit')}: ${name(a)}</dt><dd><${Bar} value=${of.after?.profit ?? 0} of=${most} kind="good" /></dd></div>
						<div><dt>${t('Profit')}: ${name(b)}</dt><dd><${Bar} value=${of.before?.profit ?? 0} of=${most} /></dd></div>
					</dl>
				<//>
				<section class="panel">
					<${Table}
						id="l" label=${t('lines that differ')} columns=${differenceColumns()} rows=${lines} ask=${['ScenarioService/Compare', body]}
						open=${(one) => go(to('promise', `${one.order}/${one.line}`), { scenario: a })} />
				</section>
			<//>
		`}
	`;
}
