// Numbers, dates, money and spans of time as the reader writes them, and back.
import { computed } from './vendor/preact.js';
import { currency, lang } from './state.js';
import { t } from './texts.js';

export const locale = computed(() => {
	const own = navigator.languages.find((name) => name.slice(0, 2) === lang.value);
	return own ?? { en: 'en-GB', de: 'de-DE', tr: 'tr-TR' }[lang.value] ?? 'en-GB';
});

/** @type {Map<string, any>} */
const made = new Map();
/** @param {string} kind @param {any} options @param {(place: string) => any} make */
function formatter(kind, options, make) {
	const key = `${locale.value} ${kind} ${JSON.stringify(options)}`;
	if (!made.has(key)) made.set(key, make(locale.value));
	return made.get(key);
}
/** @param {Intl.NumberFormatOptions} options @returns {Intl.NumberFormat} */
const numbers = (options) => formatter('number', options, (place) => new Intl.NumberFormat(place, options));
/** @param {Intl.DateTimeFormatOptions} options @returns {Intl.DateTimeFormat} */
const dates = (options) => formatter('date', options, (place) => new Intl.DateTimeFormat(place, options));

/** A quantity. @param {number | string | undefined} value */
export const num = (value, digits = 3) => numbers({ maximumFractionDigits: digits }).format(Number(value ?? 0));
/** Money without its currency. @param {number | undefined} value */
export const money = (value = 0) => numbers({ minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value);
/** @param {number | undefined} value */
export const cash = (value) => (currency.value ? `${money(value)} ${currency.value}` : money(value));
/** A sum in whole units; beyond what anybody reads digit by digit, in short. @param {number | undefined} value */
export const short = (value = 0) =>
	Math.abs(value) < 1e9
		? numbers({ maximumFractionDigits: 0 }).format(value)
		: numbers({ notation: 'compact', maximumSignificantDigits: 4 }).format(value);
/** A share of 0 to 1, rounded half up. @param {number | undefined} value */
export const percent = (value = 0, digits = 1) =>
	numbers({ style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
/** With its sign. @param {number} value */
export const signed = (value, digits = 2) => numbers({ signDisplay: 'exceptZero', maximumFractionDigits: digits }).format(value);

/** @param {string} iso */
const utc = (iso) => new Date(`${iso.slice(0, 10)}T00:00:00Z`);
/** @param {string | undefined} iso */
export const date = (iso) => (iso ? dates({ timeZone: 'UTC', day: '2-digit', month: 'short', year: 'numeric' }).format(utc(iso)) : '');
/** @param {string | undefined} iso */
export const dayMonth = (iso) => (iso ? dates({ timeZone: 'UTC', day: 'numeric', month: 'short' }).format(utc(iso)) : '');
const figures = () => dates({ timeZone: 'UTC', day: '2-digit', month: '2-digit', year: 'numeric' });
/** A day in figures, as it is typed. @param {string | undefined} iso */
export const dayTyped = (iso) => (iso ? figures().format(utc(iso)) : '');
/** How a day is typed: 31.12.2026 as dd.mm.yyyy. */
export const dayPattern = () =>
	figures()
		.formatToParts(0)
		.map(({ type, value }) => ({ day: t('dd'), month: t('mm'), year: t('yyyy') })[type] ?? value)
		.join('');
/** An instant in the reader's time zone. @param {string | undefined} at */
export const instant = (at) => (at ? dates({ dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at)) : '');

const DAY = 86_400_000;
/** @param {string} iso */
export const dayNumber = (iso) => Math.round(utc(iso).getTime() / DAY);
/** @param {number} number */
export const dayOf = (number) => new Date(number * DAY).toISOString().slice(0, 10);
/** @param {string} iso @param {number} days */
export const addDays = (iso, days) => dayOf(dayNumber(iso) + days);

/** Seconds as a span, such as "3 h". @param {number} seconds */
export function span(seconds) {
	/** @type {[number, string][]} */
	const steps = [
		[365 * 86400, 'year'],
		[86400, 'day'],
		[3600, 'hour'],
		[60, 'minute'],
		[1, 'second'],
	];
	const [size, unit] = steps.find(([one]) => Math.abs(seconds) >= one) ?? [1, 'second'];
	return numbers({ style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 0 }).format(Math.floor(seconds / size));
}
/** Seconds left as minutes and seconds. @param {number} seconds */
export const clock = (seconds) =>
	seconds >= 6000 ? span(seconds) : `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
/** @param {number | string | undefined} bytes */
export function bytes(bytes) {
	let [value, unit] = [Number(bytes ?? 0), 'byte'];
	for (const next of ['kilobyte', 'megabyte', 'gigabyte']) if (value >= 1000) [value, unit] = [value / 1000, next];
	return numbers({ style: 'unit', unit, unitDisplay: 'short', maximumSignificantDigits: 3 }).format(value);
}

/** The decimal sign and the sign between thousands. */
function signs() {
	const parts = numbers({ useGrouping: true }).formatToParts(12345.6);
	return {
		decimal: parts.find((part) => part.type === 'decimal')?.value ?? '.',
		group: parts.find((part) => part.type === 'group')?.value ?? ',',
	};
}
export const decimalSign = () => signs().decimal;
/** A number as the reader types it; NaN where it is none. @param {string} text */
export function readNumber(text) {
	const { decimal, group } = signs();
	let plain = text.trim().replace(/[\s'\u00a0\u202f]/g, '');
	if (plain.includes(decimal) || plain.split(group).length > 2 || new RegExp(`\\${group}\\d{3}$`).test(plain))
		plain = plain.replaceAll(group, '').replace(decimal, '.');
	return plain === '' ? NaN : Number(plain);
}
/** A date as ISO: 2014-04-20, 20.04.2014, 20/4/14, or 4/20/2014 where that is how the reader writes; '' where it is none.
 * @param {string} text */
export function readDate(text) {
	const plain = text.trim();
	let parts = /^(\d{4})-(\d{1,2})-(\d{1,2})/.exec(plain)?.slice(1);
	if (!parts) {
		const found = /^(\d{1,2})[./-](\d{1,2})[./-](\d{2,4})$/.exec(plain);
		if (!found) return '';
		const year = found[3].length === 2 ? `20${found[3]}` : found[3];
		const american = plain.includes('/') && /US|^en$/.test(locale.value);
		parts = american ? [year, found[1], found[2]] : [year, found[2], found[1]];
	}
	const iso = [parts[0], parts[1].padStart(2, '0'), parts[2].padStart(2, '0')].join('-');
	const real = new Date(`${iso}T00:00:00Z`);
	return Number.isNaN(real.getTime()) || real.toISOString().slice(0, 10) !== iso ? '' : iso;
}
