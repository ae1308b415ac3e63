// Fields: text with suggestions from the catalog, numbers, dates, choices; each with its label and its error.
import { html, useEffect, useRef, useState } from './vendor/preact.js';
import { call } from './api.js';
import { dayPattern, dayTyped, readDate } from './format.js';
import { said } from './said.js';
import { inScenario } from './state.js';
import { t } from './texts.js';

let count = 0;
const useId = () => useState(() => `f${++count}`)[0];

/** A day: typed as the reader writes it, or picked from a calendar; handed on as ISO. */
function DayField({ label, value, on, error, hint, required, class: look }) {
	const id = useId();
	const [typed, type] = useState(/** @type {string | null} */ (null));
	const picker = useRef(/** @type {HTMLInputElement | null} */ (null));
	const text = typed ?? dayTyped(value);
	const unread = typed?.trim() && !readDate(typed) ? t('No day is written so; like this: {day}', { day: dayTyped('2026-12-31') }) : '';
	const note = error || hint;
	return html`
		<div class=${`field ${look ?? ''} ${error ? 'wrong' : ''}`}>
			<label for=${id}>${label}</label>
			<span class="dated">
				<input
					id=${id} type="text" value=${text} required=${required} placeholder=${dayPattern()} autocomplete="off" spellcheck=${false}
					aria-invalid=${error ? 'true' : undefined} aria-describedby=${note || unread ? `${id}-note` : undefined}
					onInput=${(event) => {
						type(event.target.value);
						on(readDate(event.target.value));
					}}
					onBlur=${() => {
						if (!unread) type(null);
					}} />
				<input
					ref=${picker} class="picker" type="date" tabindex="-1" aria-hidden="true" value=${value}
					onInput=${(event) => {
						type(null);
						on(event.target.value);
					}} />
				<button type="button" class="quiet" tabindex="-1" aria-label=${t('Calendar')} onClick=${() => picker.current?.showPicker()}>
					<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M2 4h12v10H2zM2 7h12M5 2v3M11 2v3" /></svg>
				</button>
			</span>
			${(note || unread) && html`<span class="note" id=${`${id}-note`}>${note || unread}</span>`}
		</div>
	`;
}

export function Field(props) {
	return props.type === 'date' ? html`<${DayField} ...${props} />` : html`<${TextField} ...${props} />`;
}

function TextField({ label, value, on, type = 'text', error, hint, required, placeholder, class: look, mode }) {
	const id = useId();
	return html`
		<div class=${`field ${look ?? ''} ${error ? 'wrong' : ''}`}>
			<label for=${id}>${label}</label>
			<input
				id=${id} type=${type} value=${value} inputmode=${mode} required=${required} placeholder=${placeholder} autocomplete="off"
				spellcheck=${false} aria-invalid=${error ? 'true' : undefined} aria-describedby=${error || hint ? `${id}-note` : undefined}
				onInput=${(event) => on(event.target.value)} />
			${(error || hint) && html`<span class="note" id=${`${id}-note`}>${error || hint}</span>`}
		</div>
	`;
}

export function Choice({ label, value, of, on, class: look }) {
	const id = useId();
	return html`
		<div class=${`field ${look ?? ''}`}>
			<label for=${id}>${label}</label>
			<select id=${id} value=${value} onChange=${(event) => on(event.target.value)}>
				${of.map(([key, text]) => html`<option value=${key} selected=${key === value}>${text}</option>`)}
			</select>
		</div>
	`;
}

export const Check = ({ label, checked, on }) => html`
	<label class="check"><input type="checkbox" checked=${checked} onChange=${(event) => on(event.target.checked)} />${label}</label>
`;

/** What the catalog finds for a text, as one types; nothing where the server cannot say.
 * @param {string} text @param {string[] | undefined} kinds @param {number} limit */
export function useFound(text, kinds, limit) {
	const [found, setFound] = useState(/** @type {{of: string, hits: any[]}} */ ({ of: '', hits: [] }));
	const key = `${text.trim()} ${kinds?.join() ?? ''}`;
	useEffect(() => {
		if (!text.trim()) {
			setFound({ of: key, hits: [] });
			return undefined;
		}
		const stop = new AbortController();
		call('CatalogService/Find', inScenario({ text: text.trim(), kinds: /** @type {any} */ (kinds), limit }), stop.signal).then(
			(answer) => setFound({ of: key, hits: answer.hits ?? [] }),
			() => {
				if (!stop.signal.aborted) setFound({ of: key, hits: [] });
			},
		);
		return () => stop.abort();
	}, [key]);
	return found;
}

/** Text with suggestions: arrows choose, Enter takes, Escape closes.
 * */
export function Combo({ label, value, on, kinds, error, hint, required, placeholder, class: look }) {
	const id = useId();
	const [open, setOpen] = useState(false);
	const [at, setAt] = useState(-1);
	const chosen = useRef(value);
	const { hits } = useFound(open && value !== chosen.current ? value : '', kinds, 8);
	const shown = open ? hits : [];
	const take = (hit) => {
		chosen.current = hit.key;
		on(hit.key);
		setOpen(false);
		setAt(-1);
	};
	const keys = (event) => {
		if (event.key === 'ArrowDown' && shown.length) {
			event.preventDefault();
			setAt((at + 1) % shown.length);
		}
		if (event.key === 'ArrowUp' && shown.length) {
			event.preventDefault();
			setAt((at + shown.length - 1) % shown.length);
		}
		if (event.key === 'Enter' && shown[at]) {
			event.preventDefault();
			take(shown[at]);
		}
		if (event.key === 'Escape' && open) {
			setOpen(false);
			setAt(-1);
		}
	};
	return html`
		<div class=${`field combo ${look ?? ''} ${error ? 'wrong' : ''}`}>
			<label for=${id}>${label}</label>
			<input
				id=${id} type="text" role="combobox" aria-expanded=${shown.length ? 'true' : 'false'} aria-controls=${`${id}-list`}
				aria-autocomplete="list" aria-activedescendant=${shown[at] ? `${id}-${at}` : undefined} aria-invalid=${error ? 'true' : undefined}
				aria-describedby=${error || hint ? `${id}-note` : undefined} autocomplete="off" spellcheck=${false} required=${required}
				placeholder=${placeholder} value=${value}
				onInput=${(event) => {
					chosen.current = '';
					setOpen(true);
					setAt(-1);
					on(event.target.value);
				}}
				onKeyDown=${keys} onBlur=${() => setTimeout(() => setOpen(false), 150)} />
			<ul role="listbox" id=${`${id}-list`} aria-label=${t('Suggestions')} class="suggest" hidden=${!shown.length}>
				${shown.map((hit, n) => html`
					<li
						role="option" id=${`${id}-${n}`} aria-selected=${n === at ? 'true' : 'false'}
						onPointerDown=${(event) => {
							event.preventDefault();
							take(hit);
						}}>
						<b>${hit.key}</b> ${hit.name || ''} <small>${said(hit.hint)}</small>
					</li>
				`)}
			</ul>
			${(error || hint) && html`<span class="note" id=${`${id}-note`}>${error || hint}</span>`}
		</div>
	`;
}

/** The words of an error at the field that it names: `lines[0].requested_date` -> requested_date.
 * @param {any} error @param {number} [line] @returns {Record<string, string>} */
export function faults(error, line = 0) {
	const found = (error?.fields ?? []).filter((one) => !/^lines\[/.test(one.field) || one.field.startsWith(`lines[${line}]`));
	return Object.fromEntries(found.map((one) => [one.field.replace(/^lines\[\d+\]\./, ''), one.description]));
}

export const Form = ({ children, onSubmit, class: look }) => html`
	<form
		class=${look}
		onSubmit=${(event) => {
			event.preventDefault();
			onSubmit();
		}}
		novalidate>
		${children}
	</form>
`;
