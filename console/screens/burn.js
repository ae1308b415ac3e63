// The share of a class over the days of a period: what its own documents leave of it, beside a use that is even.
import { html, useMemo } from '../vendor/preact.js';
import { useAnswer } from '../api.js';
import { addDays, date, dayNumber, num } from '../format.js';
import { inScenario } from '../state.js';
import { t } from '../texts.js';
import { Timeline } from '../timeline.js';
import { Answer, Panel } from '../ui.js';

/** The longest period that is drawn. */
const DAYS_MAX = 400;

/** What the class has in the period, whatever became of it. @param {any} node */
export const given = (node) => (node.allocated ?? 0) + (node.brought ?? 0) + (node.produced ?? 0) + (node.shifted ?? 0);

/** What is left of a share at the end of each day: below zero is what was taken from others.
 * @param {any} node @param {string[]} days @param {any[]} events */
export function burnt(node, days, events) {
	const own = events.filter((one) => one.demandClass === node.demandClass && one.quantity < 0);
	let left = given(node);
	return days.map((day) => {
		for (const one of own) if (one.date === day) left += one.quantity;
		return Math.round(left * 1e6) / 1e6;
	});
}

/** The class that is looked at: the one that was chosen, else the one that has used most. @param {any[]} nodes @param {string} chosen */
function lookedAt(nodes, chosen) {
	const shares = nodes.filter((one) => one.kind === 'SHARE' && given(one) > 0);
	const used = (one) => ((one.consumed ?? 0) + (one.tookFrom ?? []).reduce((sum, from) => sum + from.quantity, 0)) / given(one);
	return shares.find((one) => one.demandClass === chosen) ?? shares.reduce((a, b) => (a && used(a) >= used(b) ? a : b), shares[0]);
}

/** How long the share lasts, in words. @param {string[]} days @param {number[]} left */
function verdict(days, left) {
	const end = left.findIndex((one) => one < -1e-9);
	if (end >= 0) return html`<b class="late">${t('Used up on {date}; after that it takes from others', { date: date(days[end]) })}</b>`;
	const last = left[left.length - 1];
	return html`<b class="fine">${t('Lasts to the end; {n} are left', { n: num(last) })}</b>`;
}

/** @param {{item: string, location: string, period: any, chosen: string, today: string}} props */
export function BurnDown({ item, location, period, chosen, today }) {
	const node = lookedAt(period.nodes ?? [], chosen);
	const span = Math.min(DAYS_MAX, dayNumber(period.to) - dayNumber(period.from) + 1);
	const found = useAnswer('AvailabilityService/GetAccount', node ? inScenario({ item, location, from: period.from, days: span }) : null);
	const days = useMemo(() => Array.from({ length: span }, (_, n) => addDays(period.from, n)), [period.from, span]);
	const left = useMemo(() => (node ? burnt(node, days, found.data?.events ?? []) : []), [node, days, found.data]);
	const series = useMemo(() => {
		const has = node ? given(node) : 0;
		const even = days.map((_, n) => Math.round((has * (days.length - 1 - n) * 100) / Math.max(1, days.length - 1)) / 100);
		return [
			{ label: t('used evenly'), colour: 'balance', how: 'line', width: 1.2, dash: '5 4', values: even },
			{ label: t('left of its share'), colour: 'avail', how: 'steps', width: 2, values: left },
		];
	}, [left, days, node]);
	if (!node) return null;
	const marks = period.from <= today && today <= period.to ? [{ date: today, colour: 'ink' }] : [];
	return html`
		<${Panel} title=${t('{class} over the period', { class: node.demandClass })} aside=${found.data && verdict(days, left)}>
			<${Answer} of=${found}>
				<${Timeline}
					days=${days} series=${series} marks=${marks} height=${200}
					label=${t('What is left of the share of {class}', { class: node.demandClass })} />
				<p class="pad muted">
					${t('By the day on which it ships. Below zero it lives on what others were given; another class: click its row.')}
				</p>
			<//>
		<//>
	`;
}
