// Small pieces of which screens are made: links, badges, states, tiles, dialogs, buttons that work.
import { html, useEffect, useLayoutEffect, useRef, useState } from './vendor/preact.js';
import { date, num, span } from './format.js';
import { href, say, scenario, to } from './state.js';
import { t } from './texts.js';

/** @typedef {any} Node */
/** A date that machines read too. @param {string | undefined} iso */
export const day = (iso) => (iso ? html`<time datetime=${iso}>${date(iso)}</time>` : '–');

/** @param {string} screen @param {string | undefined} key @param {Node} [text] */
export const link = (screen, key, text) => (key ? html`<a href=${href(to(screen, key))}>${text ?? key}</a>` : '–');
/** @param {{order?: string, line?: string, promiseId?: string}} one */
export const orderLink = (one) =>
	one.order
		? link('promise', one.promiseId || `${one.order}/${one.line || '1'}`, `${one.order}/${one.line || '1'}`)
		: link('promise', one.promiseId);

/** What each word of the server means to people, and how it looks. @type {Record<string, [string, string]>} */
const WORDS = {
	ON_TIME: ['on time', 'good'],
	LATE: ['late', 'warn'],
	PARTIAL: ['in part', 'warn'],
	UNAVAILABLE: ['not available', 'bad'],
	REFUSED: ['too late', 'bad'],
	ALREADY_PROMISED: ['promised already', 'info'],
	HELD: ['held', 'info'],
	CONFIRMED: ['confirmed', 'good'],
	FULFILLED: ['shipped', 'calm'],
	CANCELLED: ['cancelled', 'calm'],
	EXPIRED: ['expired', 'calm'],
	AT_RISK: ['at risk', 'bad'],
	COULD_BE_SOONER: ['could be sooner', 'good'],
	SUPPLY_LATE: ['supply late', 'warn'],
	OVERCOMMITTED: ['overcommitted', 'bad'],
	OVER_CONSUMED: ['share exceeded', 'warn'],
	HOLD_EXPIRING: ['hold ends soon', 'info'],
	SOURCE_STALE: ['source is old', 'warn'],
	FORCED: ['forced', 'warn'],
	CRITICAL: ['critical', 'bad'],
	HIGH: ['high', 'bad'],
	MEDIUM: ['medium', 'warn'],
	LOW: ['low', 'calm'],
	ACTIVATED: ['serves', 'good'],
	VALIDATED: ['without fault', 'good'],
	QUARANTINED: ['held back', 'bad'],
	LATER: ['later', 'warn'],
	wins: ['wins', 'good'],
	loses: ['loses', 'bad'],
	added: ['added', 'info'],
	gone: ['gone', 'calm'],
	live: ['live', 'good'],
	PROMISED: ['promised', 'good'],
	AMENDED: ['changed', 'info'],
	EXTENDED: ['held longer', 'info'],
	REOPENED: ['opened again', 'info'],
	REVERTED: ['taken back', 'warn'],
	STANDS: ['stays as it is', 'warn'],
	CAN_CHANGE: ['can be changed', 'good'],
	RUNNING: ['runs', 'info'],
	DONE: ['done', 'good'],
	GONE: ['nobody waited', 'calm'],
	FAILED: ['failed', 'bad'],
	APPLIED: ['made live', 'good'],
	leader: ['leads', 'good'],
	follower: ['follows', 'calm'],
	learner: ['learns', 'info'],
	unreachable: ['not heard', 'bad'],
	single: ['alone', 'calm'],
};
/** @param {string | undefined} code */
export const word = (code) => (code ? t(WORDS[code]?.[0] ?? code.toLowerCase().replaceAll('_', ' ')) : '');
export const Badge = ({ is, children }) => html`<span class=${`badge ${WORDS[is ?? '']?.[1] ?? 'calm'}`}>${children ?? word(is)}</span>`;
/** How old a source is: its age, or the day it is of where that is months ago. @param {any} one */
export function sourceAge(one) {
	const age = Number(one.ageSeconds ?? 0);
	return age < 60 * 86400
		? t('{name}: {age} old', { name: one.source, age: span(age) })
		: t('{name}: as of {date}', { name: one.source, date: date(one.watermark) });
}

/** How late, in words. @param {number | undefined} days */
export const lateness = (days) =>
	days ? html`<span class="late">${t('{n} day late|{n} days late', { n: days })}</span>` : html`<span class="fine">${t('on time')}</span>`;

/** An error that says what to do. */
export function Problem({ error, again }) {
	if (!error) return null;
	const ended = scenario.value && error.code === 'not_found' && /scenario|run/i.test(error.message + error.reason);
	return html`
		<div class="state bad" role="alert">
			<b>${ended ? t('This scenario has ended') : t('That did not work')}</b><p>${error.message}</p>
			${ended ? html`<a class="button" href=${href('today', { scenario: '' })}>${t('Back to live')}</a>` : again && html`
				<button onClick=${again}>${t('Ask again')}</button>
			`}
		</div>
	`;
}

/** The states that every answer goes through: nothing yet, an error, empty, or there (and perhaps old).
 * */
export function Answer({ of, empty, none, children }) {
	if (of.error) return html`<${Problem} error=${of.error} again=${of.again} />`;
	if (!of.data && !of.busy) return null;
	if (!of.data) return html`<div class="state loading" role="status"><span class="spinner"></span>${t('Asking …')}</div>`;
	if (none) return html`<div class="state empty">${empty ?? t('Nothing here.')}</div>`;
	return html`<div class=${of.busy ? 'answer stale' : 'answer'} aria-busy=${of.busy ? 'true' : 'false'}>${children}</div>`;
}

/** A button that shows that it works, and what went wrong. */
export function Do({ run, children, class: look, disabled, title }) {
	const [busy, setBusy] = useState(false);
	const act = async () => {
		setBusy(true);
		try {
			await run();
		} catch (error) {
			if (/** @type {any} */ (error)?.name !== 'AbortError') say(/** @type {any} */ (error).message, 'bad');
		} finally {
			setBusy(false);
		}
	};
	return html`
		<button
			type="button" class=${look ?? ''} disabled=${disabled || busy} aria-busy=${busy ? 'true' : 'false'} title=${title} onClick=${act}>
			${children}
		</button>
	`;
}

export function Tile({ label, value, note, to: address, kind }) {
	const inner = html`
		<span class="tile-label">${label}</span><span class="tile-value">${value}</span><span class="tile-note">${note ?? '\u00a0'}</span>
	`;
	return address ? html`<a class=${`tile ${kind ?? ''}`} href=${address}>${inner}</a>` : html`
		<div class=${`tile ${kind ?? ''}`}>${inner}</div>
	`;
}

/** Facts in two columns. */
export const Facts = ({ of }) => html`
	<dl class="facts">
		${of.filter(([, value]) => value !== undefined && value !== '' && value !== null).map(([name, value]) => html`
			<div><dt>${name}</dt><dd>${value}</dd></div>
		`)}
	</dl>
`;

export const Panel = ({ title, children, aside, class: look }) => html`
	<section class=${`panel ${look ?? ''}`}><header><h2>${title}</h2><div class="aside">${aside}</div></header>${children}</section>
`;

/** Choices of which one holds, as buttons in a row. */
export const Segmented = ({ label, value, of, onPick }) => html`
	<div class="segmented" role="group" aria-label=${label}>
		${of.map(([key, text]) => html`
			<button type="button" aria-pressed=${key === value ? 'true' : 'false'} onClick=${() => onPick(key)}>${text}</button>
		`)}
	</div>
`;

/** A dialog that the browser keeps the focus in; Escape closes it. */
export function Dialog({ title, onClose, children, class: look }) {
	const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
	useLayoutEffect(() => {
		const dialog = box.current;
		if (dialog && !dialog.open) dialog.showModal();
		return () => dialog?.close();
	}, []);
	return html`
		<dialog
			ref=${box} class=${look ?? ''} aria-label=${title}
			onCancel=${(event) => {
				event.preventDefault();
				onClose();
			}}
			onClick=${(event) => {
				if (event.target === box.current) onClose();
			}}>
			<div class="dialog-body">
				<header><h2>${title}</h2><button type="button" class="quiet" aria-label=${t('Close')} onClick=${onClose}>✕</button></header>
				${children}
			</div>
		</dialog>
	`;
}

/** A button under which choices open. */
export function Menu({ label, children, class: look, title }) {
	const box = useRef(/** @type {HTMLDetailsElement | null} */ (null));
	useEffect(() => {
		const shut = (event) => {
			if (box.current?.open && !box.current.contains(/** @type {Element} */ (event.target))) box.current.open = false;
		};
		const escape = (event) => {
			if (event.key === 'Escape' && box.current?.open) {
				box.current.open = false;
				box.current.querySelector('summary')?.focus();
			}
		};
		addEventListener('pointerdown', shut);
		addEventListener('keydown', escape);
		return () => {
			removeEventListener('pointerdown', shut);
			removeEventListener('keydown', escape);
		};
	}, []);
	return html`
		<details class=${`menu ${look ?? ''}`} ref=${box}>
			<summary title=${title}>${label}</summary><div class="menu-body">${children}</div>
		</details>
	`;
}

/** Puts text on the clipboard, and says so. @param {string} text */
export async function copy(text) {
	try {
		await navigator.clipboard.writeText(text);
	} catch {
		const area = document.createElement('textarea');
		area.value = text;
		document.body.append(area);
		area.select();
		document.execCommand('copy');
		area.remove();
	}
	say(t('Copied.'));
}

/** Gives a file to the browser's downloads. @param {string} name @param {string} text @param {string} [type] */
export function download(name, text, type = 'text/csv') {
	const anchor = document.createElement('a');
	anchor.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
	anchor.download = name;
	anchor.click();
	setTimeout(() => URL.revokeObjectURL(anchor.href), 10000);
}

/** The part of a whole as a bar, with its words for those who do not see it. */
export function Bar({ value, of, kind, mark }) {
	const part = of > 0 ? Math.max(0, Math.min(1, value / of)) : 0;
	return html`
		<span class="bar" role="img" aria-label=${`${num(value)} / ${num(of)}`}>
			<svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
				<rect class="bar-back" width="100" height="8" /><rect class=${`bar-fill ${kind ?? ''}`} width=${part * 100} height="8" />
				${mark !== undefined && html`<rect class="bar-mark" x=${Math.min(99, mark * 100)} width="1.2" height="8" />`}
			</svg>
		</span>
	`;
}
