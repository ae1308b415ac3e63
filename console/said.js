// What the server says in English sentences, in the reader's language and with his dates: reasons and remedies by their fields.
import { date, num } from './format.js';
import { lang } from './state.js';
import { t } from './texts.js';

/** Words with their dates as the reader writes them. @param {string} [text] */
export const said = (text = '') => text.replace(/\b\d{4}-\d\d-\d\d\b/g, (one) => date(one));

const until = (one, v) => (one.untilDate ? t('again from {until}', v) : t('not again within the horizon'));

/** Why it is not earlier. What has no words in the reader's language stays as the server says it. @param {any} one */
export function because(one) {
	if (lang.value === 'en') return said(one.text);
	const v = {
		item: one.item,
		at: one.location,
		from: one.fromLocation,
		resource: one.resource,
		supplier: one.supplier,
		work: one.workDefinition,
		class: one.demandClass || t('nobody in particular'),
		date: date(one.date),
		until: date(one.untilDate),
		n: num(one.available ?? 0),
		given: num(one.given ?? 0),
		days: one.days,
	};
	switch (one.code) {
		case 'STOCK':
		case 'FORECAST': {
			const enough = one.untilDate ? t('enough from {until}', v) : t('never enough within the horizon');
			const takers = (one.takers ?? []).map((taker) =>
				`${t(taker.kind.replaceAll('_', ' '))} ${taker.demand ?? ''} ${num(taker.quantity)} (${date(taker.date)})`.replace(/ +/g, ' '),
			);
			const by = takers.length ? `; ${t('taken by {list}', { list: takers.join(', ') })}` : '';
			return `${t('{item} at {at}: {n} available on {date}', v)}, ${enough}${by}`;
		}
		case 'LEAD_TIME':
			return t('{item} from {supplier}: {days} days of lead time, there from {until}', v);
		case 'SUPPLIER_CAPACITY':
			return t('{supplier} delivers no more a day', v);
		case 'RESOURCE':
			return `${t('{resource} is full', v)}, ${until(one, v)}`;
		case 'DURATION':
			return t('{work} takes {days} working days', v);
		case 'TRANSIT':
			return t('Moved from {from} to {at}: there on {until}', v);
		case 'EARLIEST_SHIP':
			return t('{at} ships on {date} at the earliest', v);
		case 'EARLIEST_ARRIVAL':
			return t('From {at} it is there on {date} at the earliest', v);
		case 'HOUSE_FULL':
			return `${t('{at} ships no more order lines on {date}', v)}, ${until(one, v)}`;
		case 'SHARE':
			return t('{item} at {at}: {class} has {n} of its {given} left on {date}', v);
		case 'AFTER_LATEST':
			return t('Possible on {date}, after the latest acceptable date', v);
		case 'SET_WAITS':
			return t('It waits for the slowest line of its set, until {date}', v);
		default:
			return said(one.text);
	}
}

/** What would change it. @param {any} one */
export function mends(one) {
	if (lang.value === 'en') return said(one.text);
	const v = {
		item: one.item,
		at: one.location,
		supply: one.supply,
		resource: one.resource,
		method: one.shipMethod,
		class: one.demandClass,
		date: date(one.date),
		n: num(one.quantity ?? 0),
		days: one.days,
		hours: (one.hours ?? []).map((day) => `${num(day.hours)} h ${date(day.date)}`).join(', '),
	};
	switch (one.kind) {
		case 'EXPEDITE':
			return t('{supply} comes {days} days earlier', v);
		case 'HOURS':
			return t('{resource} works longer: {hours}', v);
		case 'GOODS':
			return t('{n} more of {item} at {at} by {date}', v);
		case 'FROM_CLASS':
			return t('{n} of {item} from the share of {class}, from {date} on', v);
		case 'SUBSTITUTE':
			return t('{item} instead', v);
		case 'SHIP_METHOD':
			return t('By {method}', v);
		case 'SHIP_FROM':
			return t('From {at}', v);
		case 'SPLIT':
			return t('In several parts', v);
		default:
			return said(one.text);
	}
}
