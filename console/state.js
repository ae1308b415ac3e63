// What all screens share: the address (which holds the whole state of a screen), the scenario, language, theme.
import { computed, effect, signal } from './vendor/preact.js';

/** @typedef {{screen: string, key: string, params: Record<string, string>}} Route */

/** @returns {Route} */
function read() {
	const hash = location.hash.replace(/^#\/?/, '');
	const cut = hash.indexOf('?');
	const path = cut < 0 ? hash : hash.slice(0, cut);
	const [screen, ...rest] = path.split('/');
	const params = Object.fromEntries(new URLSearchParams(cut < 0 ? '' : hash.slice(cut + 1)));
	return { screen: screen || 'today', key: rest.map(decodeURIComponent).join('/'), params };
}

export const route = signal(read());
addEventListener('hashchange', () => {
	route.value = read();
});

/** Parameters that go along from screen to screen. */
const KEPT = ['scenario', 'lang'];

/** The address of a screen, in the scenario and language of this one. `scenario: ''` leaves the scenario.
 * @param {string} path @param {Record<string, string | number | undefined>} [params] */
export function href(path, params = {}) {
	const query = new URLSearchParams();
	for (const name of KEPT) {
		const value = name in params ? params[name] : route.peek().params[name];
		if (value) query.set(name, String(value));
	}
	for (const [name, value] of Object.entries(params)) {
		if (!KEPT.includes(name) && value !== undefined && value !== '') query.set(name, String(value));
	}
	const text = query.toString();
	return `#/${path}${text ? `?${text}` : ''}`;
}

/** A path with a key that may hold anything. @param {string} screen @param {string} key */
export const to = (screen, key) => `${screen}/${encodeURIComponent(key)}`;

/** @param {string} path @param {Record<string, string | number | undefined>} [params] */
export function go(path, params) {
	location.hash = href(path, params);
	route.value = read();
}

/** Changes parameters of this screen's address; an empty one goes. `push` makes it a step for the back button.
 * @param {Record<string, string | number | undefined>} patch @param {{push?: boolean}} [how] */
export function setParams(patch, { push = false } = {}) {
	const { screen, key, params } = route.peek();
	const next = { ...params, ...patch };
	const path = key ? to(screen, key) : screen;
	const address = href(path, { scenario: '', lang: '', ...next });
	if (push) location.hash = address;
	else if (address !== location.hash) history.replaceState(null, '', address);
	route.value = read();
}

export const scenario = computed(() => route.value.params.scenario || '');
/** Adds the scenario to a question. @template T @param {T} body @returns {T & {scenarioId?: string}} */
export const inScenario = (body) => (scenario.value ? { ...body, scenarioId: scenario.value } : /** @type {any} */ (body));

/** One of eight colours by the scenario's id. @param {string} id */
export function hue(id) {
	let sum = 0;
	for (const letter of id) sum = (sum * 31 + letter.charCodeAt(0)) % 9973;
	return 1 + (sum % 8);
}

/** A choice that the browser remembers, if it may. @param {string} name @param {string} [otherwise] */
export function remembered(name, otherwise = '') {
	try {
		return localStorage.getItem(`promised.${name}`) ?? otherwise;
	} catch {
		return otherwise;
	}
}
/** @param {string} name @param {string} value */
export function remember(name, value) {
	try {
		localStorage.setItem(`promised.${name}`, value);
	} catch {
		/* a private window: it holds for this visit */
	}
}

export const LANGUAGES = /** @type {const} */ (['en', 'de', 'tr']);
const stored = signal(remembered('lang'));
export const lang = computed(() => {
	const wanted = [route.value.params.lang, stored.value, ...navigator.languages.map((name) => name.slice(0, 2))];
	return wanted.find((name) => LANGUAGES.includes(/** @type {any} */ (name))) ?? 'en';
});
/** @param {string} name */
export function setLang(name) {
	stored.value = name;
	remember('lang', name);
	if (route.peek().params.lang) setParams({ lang: name });
}

/** '' follows the system. */
export const theme = signal(remembered('theme'));
effect(() => {
	document.documentElement.dataset.theme = theme.value;
	remember('theme', theme.value);
});
effect(() => {
	document.documentElement.dataset.hue = scenario.value ? String(hue(scenario.value)) : '';
});

/** Whether there is room for one column only. */
const narrow = matchMedia('(max-width: 640px)');
export const phone = signal(narrow.matches);
narrow.addEventListener('change', () => {
	phone.value = narrow.matches;
});

/** How the server does: `up`, `away`, or `starting` (it is there and loads). */
export const server = signal('up');
/** Whether the server wants a token first, and what it said. */
export const locked = signal('');
/** The last position of live that an answer told, and the ledger that it is of. */
export const position = signal(0);
/** Counts up when live has changed: questions on the screen are asked again. */
export const tick = signal(0);
/** The latest events, newest first. @type {import('./vendor/preact.js').Signal<any[]>} */
export const events = signal([]);
export const currency = signal('');
/** The latest GetStatus. @type {import('./vendor/preact.js').Signal<any>} */
export const status = signal(null);
/** What was said last at the foot of the page, for a few seconds.
 * @type {import('./vendor/preact.js').Signal<{text: string, kind: string} | null>} */
export const toast = signal(null);
/** @param {string} text @param {'good' | 'bad'} [kind] */
export function say(text, kind = 'good') {
	const said = { text, kind };
	toast.value = said;
	setTimeout(
		() => {
			if (toast.peek() === said) toast.value = null;
		},
		kind === 'bad' ? 9000 : 5000,
	);
}
