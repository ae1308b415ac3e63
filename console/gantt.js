// The pegging of a promise: depth down, time across; today, the day asked for, the day promised; what bounds each bar.
import { html } from './vendor/preact.js';
import { addDays, date, dayMonth, dayNumber, dayOf, num } from './format.js';
import { t } from './texts.js';
import { link } from './ui.js';

/** @typedef {{depth: number, kind: string, name: any, from: string, to: string, text: string, bound: boolean,
 *   screen?: [string, string]}} Row */

const HEAD = 30;
const ROW = 28;

/** @param {any} peg @returns {[string, string, string]} kind, first and last day */
function span(peg) {
	if (peg.make) return ['make', peg.make.startDate || peg.date, peg.date];
	if (peg.buy) return ['buy', peg.buy.orderBy || peg.date, peg.date];
	if (peg.transfer) return ['transfer', peg.transfer.shipDate || peg.date, peg.date];
	return ['stock', peg.date, peg.date];
}

function words(peg) {
	const amount = `${num(peg.quantity)} ${peg.item}`;
	if (peg.make) return t('{what} made by {by}', { what: amount, by: peg.make.workDefinition });
	if (peg.buy) return t('{what} bought from {by}', { what: amount, by: peg.buy.supplier });
	if (peg.transfer) return t('{what} moved from {by}', { what: amount, by: peg.transfer.from });
	const supplies = (peg.stock?.supplies ?? []).map((one) => one.supply || one.plannedBy).filter(Boolean);
	if (supplies.length) return t('{what} from {by}', { what: amount, by: supplies.join(', ') });
	return peg.stock ? t('{what} from stock', { what: amount }) : amount;
}

/** All rows of a tree, depth first. @param {any[]} legs @param {any[]} reasons @returns {Row[]} */
export function rowsOf(legs, reasons = []) {
	/** @type {Row[]} */
	const rows = [];
	const bounds = (peg) =>
		reasons.some(
			(one) =>
				(one.item === peg.item && (!one.location || one.location === peg.location) && one.code !== 'LEAD_TIME') ||
				(peg.buy && one.supplier === peg.buy.supplier) ||
				(peg.make &&
					(one.workDefinition === peg.make.workDefinition || (peg.make.hours ?? []).some((hour) => hour.resource === one.resource))),
		);
	const add = (peg, depth) => {
		const [kind, from, to] = span(peg);
		const screen = /** @type {[string, string]} */ (peg.buy ? ['supplier', peg.buy.supplier] : ['item', peg.item]);
		const bound = !!bounds(peg);
		rows.push({
			depth,
			kind,
			name: peg.buy ? peg.buy.supplier : peg.item,
			from,
			to,
			text: `${words(peg)}, ${date(from)}${from === to ? '' : ` – ${date(to)}`}`,
			bound,
			screen,
		});
		for (const [resource, hours] of resources(peg.make?.hours ?? [])) {
			const limited = reasons.some((one) => one.resource === resource);
			rows.push({
				depth: depth + 1,
				kind: 'make',
				name: resource,
				from: hours[0].date,
				to: hours[hours.length - 1].date,
				bound: limited,
				screen: ['resource', resource],
				text: t('{n} hours of {name}', {
					n: num(
						hours.reduce((sum, one) => sum + one.hours, 0),
						2,
					),
					name: resource,
				}),
			});
		}
		for (const below of peg.pegs ?? []) add(below, depth + 1);
	};
	for (const leg of legs) {
		rows.push({
			depth: 0,
			kind: 'ship',
			name: leg.item,
			from: leg.needDate || leg.shipDate,
			to: leg.arrivalDate || leg.shipDate,
			bound: false,
			screen: ['item', leg.item],
			text: t('{what} ships from {place} on {ship}, arrives {arrive}', {
				what: `${num(leg.quantity)} ${leg.item}`,
				place: leg.location,
				ship: date(leg.shipDate),
				arrive: date(leg.arrivalDate),
			}),
		});
		for (const peg of leg.pegs ?? []) add(peg, 1);
	}
	return rows;
}

/** @param {any[]} hours @returns {[string, any[]][]} */
function resources(hours) {
	/** @type {Map<string, any[]>} */
	const found = new Map();
	for (const one of [...hours].sort((a, b) => (a.date < b.date ? -1 : 1)))
		found.set(one.resource, [...(found.get(one.resource) ?? []), one]);
	return [...found];
}

/** What a row says, with its name leading to its screen. @param {Row} row */
function named({ text, name, screen }) {
	const at = screen ? text.indexOf(name) : -1;
	if (!screen || at < 0) return text;
	return [text.slice(0, at), link(screen[0], screen[1], name), text.slice(at + name.length)];
}

export function Gantt({ legs, reasons = [], today, asked, promised }) {
	const rows = rowsOf(legs, reasons);
	if (!rows.length) return html`<p class="state empty">${t('No pegging: nothing is promised, or nothing had to be looked for.')}</p>`;
	const all = [...rows.flatMap((row) => [row.from, row.to]), today, asked, promised]
		.filter(Boolean)
		.map((one) => dayNumber(/** @type {string} */ (one)));
	const [low, high] = [Math.min(...all) - 1, Math.max(...all) + 2];
	const x = (day) => ((dayNumber(day) - low) / (high - low)) * 1000;
	const height = HEAD + rows.length * ROW;
	const step = [1, 2, 7, 14, 28, 56].find((one) => (high - low) / one <= 12) ?? 90;
	const ticks = Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, n) => low + n * step);
	const mark = (day, look) => day && html`<line class=${look} x1=${`${x(day) / 10}%`} x2=${`${x(day) / 10}%`} y1="18" y2=${height} />`;
	return html`
		<div>
			<div class="legend">
				<span><span class="swatch c-ink"></span>${t('today')} ${date(today)}</span>
				${asked && html`<span class="c-bad"><span class="swatch"></span><span>${t('asked for')} ${date(asked)}</span></span>`}
				${promised && html`<span class="c-accent"><span class="swatch"></span><span>${t('promised')} ${date(promised)}</span></span>`}
				<span class="c-supply"><span class="swatch"></span><span>${t('stock')}</span></span>
				<span class="c-make"><span class="swatch"></span><span>${t('made')}</span></span>
				<span class="c-buy"><span class="swatch"></span><span>${t('bought')}</span></span>
				<span class="c-move"><span class="swatch"></span><span>${t('on the way')}</span></span>
				${reasons.length > 0 && html`<span>${t('red edge: bounds the date')}</span>`}
			</div>
			<div class="gantt" tabindex="0" role="group" aria-label=${t('Pegging, depth by time')}>
				<div class="gantt-grid">
					<ul class="gantt-names">
						<li></li>${rows.map((row) => html`<li class=${`indent-${Math.min(row.depth, 8)}`} title=${row.text}>${named(row)}</li>`)}
					</ul>
					<svg height=${height} role="img" aria-label=${rows.map((row) => row.text).join('; ')}>
						${ticks.map((at) => html`
							<line
								class="month" x1=${`${((at - low) / (high - low)) * 100}%`} x2=${`${((at - low) / (high - low)) * 100}%`} y1="20"
								y2=${height} />
							<text x=${`${((at - low) / (high - low)) * 100}%`} y="13" dx="3">${dayMonth(dayOf(at))}</text>
						`)}
						${rows.map((row, n) => html`
							<line class="row-line" x1="0" x2="100%" y1=${HEAD + (n + 1) * ROW} y2=${HEAD + (n + 1) * ROW} />
							<rect
								class=${`g-${row.kind} ${row.bound ? 'g-bound' : ''}`} x=${`${x(row.from) / 10}%`}
								width=${`${Math.max(0.5, (x(addDays(row.to, 1)) - x(row.from)) / 10)}%`} y=${HEAD + n * ROW + 8}
								height=${row.kind === 'ship' ? 7 : 12} rx="2">
								<title>${row.text}</title>
							</rect>
						`)}
						${mark(today, 'v-today')}${mark(asked, 'v-asked')}${mark(promised, 'v-promised')}
					</svg>
				</div>
			</div>
		</div>
	`;
}
