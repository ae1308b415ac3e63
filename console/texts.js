// The words of the console in the reader's language. English stands in the code; texts/*.js hold the others.
import { effect, signal } from './vendor/preact.js';
import { lang } from './state.js';

/** @type {import('./vendor/preact.js').Signal<Record<string, string>>} */
const table = signal({});
/** @type {Record<string, () => Promise<{default: Record<string, string>}>>} */
const LOADERS = { de: () => import('./texts/de.js'), tr: () => import('./texts/tr.js') };
/** @type {(() => void) | null} */
let loaded = null;
export const ready = new Promise((resolve) => { loaded = () => resolve(undefined); });

effect(() => {
  const wanted = lang.value;
  document.documentElement.lang = wanted;
  const load = LOADERS[wanted] ?? (async () => ({ default: {} }));
  load().then((found) => { if (lang.peek() === wanted) table.value = found.default; }).catch(() => { table.value = {}; }).finally(() => loaded?.());
});

/** The text, with `{name}` filled in. "one|many" is chosen by `n`.
 * @param {string} english @param {Record<string, string | number>} [values] */
export function t(english, values) {
  let text = table.value[english] ?? english;
  if (text.includes('|') && values && 'n' in values) {
    const [one, many] = text.split('|');
    text = Number(String(values.n).replace(/\D/g, '')) === 1 ? one : many;
  }
  return values ? text.replace(/\{(\w+)\}/g, (all, name) => (name in values ? String(values[name]) : all)) : text;
}
