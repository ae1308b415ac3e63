// Today: how things stand, what needs somebody, and what has just happened.
import { html } from '../vendor/preact.js';
import { useAnswer } from '../api.js';
import { date, num, percent, short, span } from '../format.js';
import { events, href, inScenario, position, scenario, status } from '../state.js';
import { cap, t } from '../texts.js';
import { Answer, Bar, Panel, Tile, link, orderLink, sourceAge } from '../ui.js';

const MEASURES = ['lines', 'value', 'on_time_lines', 'late_lines', 'at_risk_lines', 'at_risk_value', 'held_lines', 'profit'];

/** The figures of all lines by their names. @param {any} answer */
const totals = (answer) => Object.fromEntries((answer?.columns ?? []).map((name, n) => [name, Number(answer.total?.values?.[n] ?? 0)]));

/** What limits most: groups of late and risky things. */
function Limits({ by, title, screen }) {
	const found = useAnswer(
		'ExceptionService/List',
		inScenario({ groupBy: by, kinds: /** @type {any} */ (['AT_RISK', 'LATE', 'SUPPLY_LATE']), pageSize: 1 }),
	);
	const groups = (found.data?.groups ?? []).filter((one) => one.key).slice(0, 6);
	const most = Math.max(1, ...groups.map((one) => one.value ?? 0));
	return html`
		<${Panel} title=${title} aside=${html`<a href=${href('exceptions', { by, kind: 'at_risk.late.supply_late' })}>${t('all')}</a>`}>
			<${Answer} of=${found} none=${!groups.length} empty=${t('Nothing is limited by it.')}>
				<table class="plain limits">
					<thead><tr><th>${cap(t(by))}</th><th class="num">${t('Exceptions')}</th><th></th><th class="num">${t('Value')}</th></tr></thead>
					<tbody>
						${groups.map((one) => html`
							<tr>
								<td>${screen ? link(screen, one.key) : one.key}</td><td class="num">${num(one.count)}</td>
								<td><${Bar} value=${one.value ?? 0} of=${most} kind="warn" /></td><td class="num">${short(one.value)}</td>
							</tr>
						`)}
					</tbody>
				</table>
			<//>
		<//>
	`;
}

function Happened({ of }) {
	return html`
		<li>
			<time datetime=${of.time}>${(of.time ?? '').slice(11, 16)}</time>
			<span>
				${of.promise ? orderLink(of.promise) : of.subject} <span class="muted">
					${t((of.type ?? '').replace(/^\w+\./, '').replaceAll('_', ' '))}
				</span> ${of.cause ?? ''}${of.by ? html` <small>${of.by}</small>` : ''}
			</span>
		</li>
	`;
}

export default function Today() {
	const is = status.value;
	const base = { measures: MEASURES };
	const request = useAnswer('AnalyticsService/Query', inScenario({ ...base, basis: /** @type {any} */ ('REQUEST') }));
	const first = useAnswer('AnalyticsService/Query', inScenario({ ...base, basis: /** @type {any} */ ('FIRST_PROMISE') }));
	const last = useAnswer('AnalyticsService/Query', inScenario({ ...base, basis: /** @type {any} */ ('LAST_PROMISE') }));
	const kinds = useAnswer('ExceptionService/List', inScenario({ groupBy: 'kind', pageSize: 1 }));
	const of = totals(request.data);
	const share = (answer) => {
		const sum = totals(answer.data);
		return sum.lines ? sum.on_time_lines / sum.lines : 0;
	};
	const group = (kind) => kinds.data?.groups?.find((one) => one.key?.toUpperCase() === kind);
	const count = (kind) => Number(group(kind)?.count ?? 0);
	const value = (kind) => short(Number(group(kind)?.value ?? 0));
	const figures = !!request.data;
	const lines = figures ? of.lines : Number(is?.promisesLive ?? 0);
	const risk = figures ? of.at_risk_lines : Number(is?.promisesAtRisk ?? 0);
	const listed = !!kinds.data;
	const dash = '–';
	return html`
		<div class="head">
			<h1>${t('Today')}</h1>
			<span class="sub">
				${is ? t('{date}, the date of the data', { date: date(is.version?.asOf) }) : ''}${scenario.value ? ` · ${t('in a scenario')}` : ''}
			</span>
		</div>
		<div class="tiles">
			<${Tile}
				label=${t('Promised lines')} value=${num(lines)} note=${figures ? t('worth {value}', { value: short(of.value) }) : ''}
				to=${href('promises')} />
			<${Tile}
				label=${t('On time, as asked')} value=${figures ? percent(share(request)) : dash} note=${t('by the day asked for')}
				to=${href('figures', { basis: 'REQUEST' })} />
			<${Tile}
				label=${t('… as first promised')} value=${first.data ? percent(share(first)) : dash} note=${t('the first date we gave')}
				to=${href('figures', { basis: 'FIRST_PROMISE' })} />
			<${Tile}
				label=${t('… as last promised')} value=${last.data ? percent(share(last)) : dash} note=${t('the date that holds now')}
				to=${href('figures', { basis: 'LAST_PROMISE' })} />
			<${Tile}
				label=${t('At risk')} value=${num(risk)}
				note=${figures ? t('worth {value}', { value: short(of.at_risk_value) }) : t('supply is gone')} to=${href('promises', { risk: 1 })}
				kind=${risk ? 'bad' : 'good'} />
		</div>
		<div class="tiles">
			<${Tile}
				label=${t('Late')} value=${figures ? num(of.late_lines) : listed ? num(count('LATE')) : dash}
				note=${listed ? t('worth {value}', { value: value('LATE') }) : t('after the day asked for')}
				to=${href('exceptions', { kind: 'late' })} kind=${of.late_lines ? 'warn' : ''} />
			<${Tile}
				label=${t('Could be sooner')} value=${listed ? num(count('COULD_BE_SOONER')) : dash}
				note=${listed ? t('worth {value}', { value: value('COULD_BE_SOONER') }) : '\u00a0'}
				to=${href('exceptions', { kind: 'could_be_sooner' })} />
			<${Tile}
				label=${t('Holds that end soon')} value=${listed ? num(count('HOLD_EXPIRING')) : dash}
				note=${figures ? t('{n} held in all', { n: num(of.held_lines) }) : '\u00a0'} to=${href('promises', { state: 'held' })} />
			<${Tile}
				label=${t('Short accounts')} value=${listed ? num(count('OVERCOMMITTED') + count('SUPPLY_LATE')) : dash}
				note=${t('overcommitted or supply late')} to=${href('exceptions', { kind: 'overcommitted' })} />
			<${Tile}
				label=${t('Data as of')} value=${is ? date(is.version?.asOf) : dash}
				note=${
					is?.sources?.length
						? is.sources.map(sourceAge).join(', ')
						: is
							? t('loaded {age} ago', { age: span(Number(is.ageSeconds ?? 0)) })
							: ''
				}
				to=${href('data')} kind=${count('SOURCE_STALE') ? 'warn' : ''} />
		</div>
		<div class="columns">
			<div>
				<${Limits} by="supplier" screen="supplier" title=${t('Suppliers that limit most')} />
				<${Limits} by="resource" screen="resource" title=${t('Resources that limit most')} />
			</div>
			<div>
				<${Limits} by="item" screen="item" title=${t('Items that limit most')} />
				<${Panel} title=${t('Just now')} aside=${t('position {n}', { n: num(position.value) })}>
					${events.value.length ? html`
						<ul class="feed">
							${events.value.slice(0, 12).map((one) => html`<${Happened} key=${`${one.sequence}-${one.number ?? 0}`} of=${one} />`)}
						</ul>
					` : html`<p class="state empty">${t('Nothing has happened since you came. What does appears here by itself.')}</p>`}
				<//>
			</div>
		</div>
	`;
}
