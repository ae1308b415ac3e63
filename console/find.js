// Ctrl-K: one field that finds items, customers, orders, supplies, suppliers, resources and screens.
import { html, signal, useEffect, useRef, useState } from './vendor/preact.js';
import { useFound } from './form.js';
import { said } from './said.js';
import { go, to } from './state.js';
import { t } from './texts.js';
import { Dialog } from './ui.js';

export const finding = signal(false);
addEventListener('keydown', (event) => {
	if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
		event.preventDefault();
		finding.value = !finding.value;
	}
});

/** Where a hit leads. @type {Record<string, (key: string) => [string, Record<string, string>?]>} */
const LEADS = {
	ITEM: (key) => [to('item', key)],
	RESOURCE: (key) => [to('resource', key)],
	SUPPLIER: (key) => [to('supplier', key)],
	ORDER: (key) => [to('promise', key)],
	CUSTOMER: (key) => ['promises', { customer: key }],
	LOCATION: (key) => ['promises', { location: key }],
	SUPPLY: (key) => [to('supply', key)],
	ACCOUNT: (key) => [to('item', key.split('@')[0]), { location: key.split('@')[1] }],
};
const NAMES = () =>
	/** @type {Record<string, string>} */ ({
		ITEM: t('Item'),
		RESOURCE: t('Resource'),
		SUPPLIER: t('Supplier'),
		ORDER: t('Order'),
		CUSTOMER: t('Customer'),
		LOCATION: t('Location'),
		SUPPLY: t('Supply'),
		SCREEN: t('Screen'),
		ACCOUNT: t('Account'),
	});

/** What a text is by its form: an order line, a promise, an account as ITEM@LOCATION. @param {string} text */
function byForm(text) {
	const account = /^(\S+)\s*@\s*(\S+)$/.exec(text);
	if (account) return [{ kind: 'ACCOUNT', key: `${account[1]}@${account[2]}`, name: t('Availability') }];
	const isPromise = /^P\d+$/i.test(text) || /^[^\s/]+\/\d+$/.test(text);
	return isPromise ? [{ kind: 'ORDER', key: text, name: t('Promise') }] : [];
}

export function Finder({ screens }) {
	const [text, setText] = useState('');
	const [at, setAt] = useState(0);
	const input = useRef(/** @type {HTMLInputElement | null} */ (null));
	const wanted = useRef('');
	const { of, hits } = useFound(text, undefined, 12);
	const asked = text.trim().toLowerCase();
	const pages = screens
		.filter(([, name]) => !asked || name.toLowerCase().startsWith(asked))
		.map(([path, name]) => ({ kind: 'SCREEN', key: name, path }));
	const direct = byForm(text.trim());
	const all = [...direct, ...hits.filter((hit) => !direct.some((one) => one.key === hit.key)), ...pages];
	const open = (hit) => {
		finding.value = false;
		if (hit.path) go(hit.path);
		else go(...LEADS[hit.kind](hit.key));
	};
	const fresh = of.startsWith(`${text.trim()} `) || !text.trim();
	useEffect(() => {
		if (wanted.current && wanted.current === text && fresh && all[0]) open(all[0]);
	}, [of]);
	useEffect(() => setAt(0), [text]);
	const keys = (event) => {
		if (event.key === 'ArrowDown') {
			event.preventDefault();
			setAt(Math.min(at + 1, all.length - 1));
		}
		if (event.key === 'ArrowUp') {
			event.preventDefault();
			setAt(Math.max(at - 1, 0));
		}
		if (event.key === 'Enter') {
			event.preventDefault();
			// What was typed last may not be drawn or answered yet.
			const typed = /** @type {HTMLInputElement} */ (event.target).value;
			if (typed === text && fresh && all[at]) open(all[at]);
			else wanted.current = typed;
		}
	};
	useEffect(() => input.current?.focus(), []);
	return html`
		<${Dialog}
			title=${t('Find')} class="finder"
			onClose=${() => {
				finding.value = false;
			}}>
			<input
				ref=${input} type="text" role="combobox" aria-label=${t('Find')} aria-expanded="true" aria-controls="found"
				aria-activedescendant=${all[at] ? `found-${at}` : undefined} autocomplete="off" spellcheck=${false}
				placeholder=${t('Item, order, customer, supply, supplier, resource …')} value=${text}
				onInput=${(event) => setText(event.target.value)} onKeyDown=${keys} />
			<ul id="found" role="listbox" aria-label=${t('Find')}>
				${all.map((hit, n) => html`
					<li
						id=${`found-${n}`} role="option" aria-selected=${n === at ? 'true' : 'false'} onPointerMove=${() => setAt(n)}
						onClick=${() => open(hit)}>
						<span class="kind">${NAMES()[hit.kind] ?? hit.kind}</span><b>${hit.key}</b> <span>${hit.name || ''}</span> <small>
							${said(hit.hint)}
						</small>
					</li>
				`)}
			</ul>
			${asked && fresh && !all.length && html`
				<p class="state empty">${t('Nothing is called so. A part of a key or of a name is enough.')}</p>
			`}
		<//>
	`;
}
