// The words of the console in the reader's language: English stands in the code, the others in texts/table.js.
import { effect, signal } from './vendor/preact.js';
import { LANGUAGES, lang } from './state.js';

/** English -> the other language; empty for English. */
const words = signal(/** @type {Map<string, string>} */ (new Map()));
let loaded = () => {};
export const ready = new Promise((resolve) => {
	loaded = () => resolve(undefined);
});

/** One column of the table. @param {string} text @param {number} column */
const read = (text, column) =>
	new Map(
		text
			.replaceAll('\n\t', ' ')
			.split('\n')
			.filter(Boolean)
			.map((line) => line.split(' ~ '))
			.map((row) => [row[0], row[column]]),
	);

effect(() => {
	const wanted = lang.value;
	document.documentElement.lang = wanted;
	const column = LANGUAGES.indexOf(/** @type {any} */ (wanted));
	if (column <= 0) {
		words.value = new Map();
		loaded();
		return;
	}
	import('./texts/table.js')
		.then((found) => {
			if (lang.peek() === wanted) words.value = read(found.default, column);
		})
		.finally(loaded);
});

/** With a capital, as the reader's language has it. @param {string} text */
export const cap = (text) => text.charAt(0).toLocaleUpperCase(lang.value) + text.slice(1);

/** The text, with `{name}` filled in. "one|many" is chosen by `n`.
 * @param {string} english @param {Record<string, any>} [values] */
export function t(english, values) {
	let text = words.value.get(english) ?? english;
	if (values && 'n' in values && text.includes('|')) {
		const [one, many] = text.split('|');
		text = Number(String(values.n).replace(/\D/g, '')) === 1 ? one : many;
	}
	return values ? text.replace(/\{(\w+)\}/g, (all, name) => (name in values ? String(values[name]) : all)) : text;
}
