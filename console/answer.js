// What can be promised for a line: the answer in a sentence, the options as cards, why it is late, what would change it.
import { html } from './vendor/preact.js';
import { cash, date, num, percent, signed } from './format.js';
import { Gantt } from './gantt.js';
import { because, mends } from './said.js';
import { t } from './texts.js';
import { Badge, Do, day, lateness, link } from './ui.js';

const last = (option) => option.legs?.reduce((a, b) => (a && a.arrivalDate > b.arrivalDate ? a : b), null);

export const promisedDate = (option, type) => {
	const leg = option && last(option);
	return leg ? (type === 'ARRIVAL' ? leg.arrivalDate : leg.shipDate) : '';
};

/** One option. */
function Option({ of, best, than, onTake }) {
	const legs = of.legs ?? [];
	const money = of.economics;
	const gain = than?.economics && money ? money.profit - than.economics.profit : 0;
	return html`
		<li class=${`card ${best ? 'best' : ''}`}>
			<b>
				${
					best
						? t('Best by the objective')
						: legs
								.map((leg) => leg.shipMethod || leg.location)
								.filter((one, n, all) => all.indexOf(one) === n)
								.join(' + ')
				}
			</b>
			${legs.map((leg) => html`
				<dl>
					<dt>${t('From')}</dt><dd>${leg.location}</dd>${leg.shipMethod && html`<dt>${t('By')}</dt><dd>${leg.shipMethod}</dd>`}
					<dt>${t('Quantity')}</dt><dd>${num(leg.quantity)} ${link('item', leg.item)}</dd><dt>${t('Leaves')}</dt>
					<dd>${day(leg.shipDate)}</dd><dt>${t('Arrives')}</dt><dd>${day(leg.arrivalDate)}</dd><dt>${t('Supply')}</dt>
					<dd>
						${(leg.supply || '')
							.split('+')
							.map((one) => t(one))
							.join(' + ')}
					</dd>
				</dl>
			`)}
			<dl>
				<dt>${t('Late')}</dt><dd>${lateness(of.daysLate)}</dd>
				${money && html`
					<dt>${t('Cost')}</dt><dd>${cash(money.cost)}</dd><dt>${t('Profit')}</dt><dd>${cash(money.profit)}</dd>
					${money.price ? html`<dt>${t('Margin')}</dt><dd>${percent((money.profit ?? 0) / money.price)}</dd>` : ''}
				`}
			</dl>
			${!best && gain !== 0 && html`
				<span class=${gain > 0 ? 'gain' : 'loss'}>${t('profit {by} against the best', { by: signed(gain) })}</span>
			`}
			${!best && onTake && html`<button type="button" class="small" onClick=${onTake}>${t('Take this one')}</button>`}
		</li>
	`;
}

/** A sentence in which what it names leads to its screen. @param {string} text @param {any} one */
function linked(text, one) {
	/** @type {any[]} */
	let parts = [text];
	for (const screen of ['item', 'resource', 'supplier']) {
		const key = one[screen];
		const at = key ? parts.findIndex((part) => typeof part === 'string' && part.includes(key)) : -1;
		if (at < 0) continue;
		const start = parts[at].indexOf(key);
		parts = [
			...parts.slice(0, at),
			parts[at].slice(0, start),
			link(screen, key),
			parts[at].slice(start + key.length),
			...parts.slice(at + 1),
		];
	}
	return parts;
}

export function Reasons({ reasons = [], bare = false }) {
	if (!reasons.length) return null;
	return html`
		<div class="why">
			${!bare && html`<h3>${t('Why')}</h3>`}<ul>${reasons.map((one) => html`<li>${linked(because(one), one)}</li>`)}</ul>
		</div>
	`;
}

/** What would make it on time; each can be tried. */
export function Remedies({ remedies = [], looking = false, onTry, bare = false }) {
	return html`
		<div class="mend">
			${!bare && html`<h3>${t('What would change it')}</h3>`}
			${looking ? html`
				<p class="muted" role="status"><span class="spinner"></span> ${t('Trying what would make it on time …')}</p>
			` : remedies.length === 0 ? html`<p class="muted">${t('No single change makes it on time.')}</p>` : html`
				<ul>
					${remedies.map((one) => html`
						<li>
							<span>
								${linked(mends(one), one)}
								${one.option ? html`
									<br />
									<small>
										${t('then')} ${one.option.legs?.map((leg) => date(leg.arrivalDate)).join(', ')}
										${one.option.economics ? `, ${t('profit')} ${cash(one.option.economics.profit)}` : ''}
									</small>
								` : ''}
							</span>
							${onTry && html`<${Do} class="small" run=${() => onTry(one)}>${t('Try in a scenario')}<//>`}
						</li>
					`)}
				</ul>
			`}
		</div>
	`;
}

/** When it leaves and arrives, in a few words. */
export function Dates({ of }) {
	const leg = of && last(of);
	return leg ? html`${t('leaves')} ${day(leg.shipDate)}, ${t('arrives')} ${day(leg.arrivalDate)}, ${lateness(of.daysLate)}` : t(
		'nothing can be promised within the horizon.',
	);
}

/** The answer in one sentence. */
export function Headline({ result, line }) {
	const option = result.defaultOption;
	const leg = option && last(option);
	const what = `${num(line.quantity)} ${line.uom || ''} ${line.item}`.replace(/\s+/g, ' ');
	return html`
		<p class="headline">
			<${Badge} is=${result.status} /> ${leg ? html`
				<b>${what}</b> ${t('from')} <b>${[...new Set(option.legs.map((one) => one.location))].join(' + ')}</b>
				${leg.shipMethod ? ` ${t('by')} ${leg.shipMethod}` : ''}: ${t('leaves')} <b>${day(leg.shipDate)}</b>, ${t('arrives')} <b>
					${day(leg.arrivalDate)}
				</b>, ${lateness(option.daysLate)}.
			` : html`<b>${what}</b>: ${t('nothing can be promised within the horizon.')}`}
			${result.availableOnRequestedDate !== undefined && result.status !== 'ON_TIME' ? html` <span class="muted">
					${t('{n} are available on the day asked for.', { n: num(result.availableOnRequestedDate) })}
				</span>
			` : ''}
		</p>
	`;
}

export function LineAnswer({ result, line, today, looking, onTry, onTake }) {
	const option = result.defaultOption;
	const late = result.status !== 'ON_TIME';
	const others = result.alternatives ?? [];
	return html`
		<div>
			<${Headline} result=${result} line=${line} />
			${late && result.status !== 'ALREADY_PROMISED' && html`
				<${Reasons} reasons=${result.reasons} /><${Remedies} remedies=${result.remedies} looking=${looking} onTry=${onTry} />
			`}
			${(option || others.length > 0) && html`
				<ul class="cards" aria-label=${t('Options')}>
					${option && html`<${Option} of=${option} best />`}
					${others.map((one) => html`
						<${Option} of=${one} than=${option} onTake=${onTake && one.legs?.length === 1 ? () => onTake(one) : undefined} />
					`)}
				</ul>
			`}
			${option?.legs?.some((leg) => leg.pegs?.length) && html`
				<details class="pegging" open=${late}>
					<summary class="pad"><b>${t('Pegging')}</b> <span class="muted">${t('what it is made of, and when')}</span></summary>
					<${Gantt}
						legs=${option.legs} reasons=${late ? result.reasons : []} today=${today} asked=${line.requestedDate}
						promised=${promisedDate(option, line.dateType)} />
				</details>
			`}
		</div>
	`;
}

/** The answer for the customer, to be pasted into a mail. @param {any[]} results @param {any[]} lines */
export function forCustomer(results, lines) {
	return results
		.map((result, n) => {
			const line = lines[n];
			const legs = result.defaultOption?.legs ?? [];
			if (!legs.length) return t('{what}: we cannot promise a date yet.', { what: `${num(line.quantity)} × ${line.item}` });
			return legs
				.map((leg) =>
					t('{what}: leaves {ship}, arrives {arrive}.', {
						what: `${num(leg.quantity)} × ${leg.item}`,
						ship: date(leg.shipDate),
						arrive: date(leg.arrivalDate),
					}),
				)
				.join('\n');
		})
		.join('\n');
}
