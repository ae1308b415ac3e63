// The priorities of a backlog run, dragged or moved by their buttons.
import { html, useState } from '../vendor/preact.js';
import { t } from '../texts.js';

const ATTRIBUTES = [
	'priority',
	'requested_date',
	'demand_class',
	'customer',
	'value',
	'profit',
	'days_late',
	'age',
	'quantity',
	'item',
	'order',
];
export const names = () =>
	/** @type {Record<string, string>} */ ({
		priority: t('priority'),
		requested_date: t('day asked for'),
		demand_class: t('class'),
		customer: t('customer'),
		value: t('value'),
		profit: t('profit'),
		days_late: t('days late'),
		age: t('age'),
		quantity: t('quantity'),
		item: t('item'),
		order: t('order'),
	});

/** The priorities, dragged or moved by their buttons. */
export function Sequence({ value, on }) {
	const parts = value
		.split(',')
		.map((one) => one.trim())
		.filter(Boolean);
	const [from, setFrom] = useState(-1);
	const [over, setOver] = useState(-1);
	const put = (next) => on(next.join(','));
	const move = (at, target) => {
		if (target < 0 || target >= parts.length || at === target) return;
		const next = [...parts];
		const [one] = next.splice(at, 1);
		next.splice(target, 0, one);
		put(next);
	};
	return html`
		<div class="field full">
			<span id="sequence-label"><b>${t('Who is served first')}</b></span>
			<ol class="sequence" aria-labelledby="sequence-label">
				${parts.map((part, n) => {
					const plain = part.replace(/^-/, '');
					const text = names()[plain] ?? plain;
					return html`
						<li
							key=${part} draggable=${true} class=${over === n ? 'over' : ''} onDragStart=${() => setFrom(n)}
							onDragOver=${(event) => {
								event.preventDefault();
								setOver(n);
							}}
							onDragEnd=${() => {
								setFrom(-1);
								setOver(-1);
							}}
							onDrop=${(event) => {
								event.preventDefault();
								move(from, n);
								setOver(-1);
							}}>
							<span class="grip" aria-hidden="true">⠿</span><span>${n + 1}. ${text}</span>
							<button
								type="button" class="quiet" title=${t('Turn the order round')}
								aria-label=${`${text}: ${part.startsWith('-') ? t('large first') : t('small first')}`}
								onClick=${() => put(parts.map((one, at) => (at === n ? (one.startsWith('-') ? one.slice(1) : `-${one}`) : one)))}>
								${part.startsWith('-') ? t('large first') : t('small first')}
							</button>
							<button type="button" class="quiet" aria-label=${t('{name}: up', { name: text })} onClick=${() => move(n, n - 1)}>↑</button>
							<button type="button" class="quiet" aria-label=${t('{name}: down', { name: text })} onClick=${() => move(n, n + 1)}>↓</button>
							<button
								type="button" class="quiet" aria-label=${t('{name}: take away', { name: text })}
								onClick=${() => put(parts.filter((_, at) => at !== n))}>
								✕
							</button>
						</li>
					`;
				})}
			</ol>
			<select
				aria-label=${t('Add a priority')} value=""
				onChange=${(event) => {
					if (event.target.value) put([...parts, event.target.value]);
					event.target.value = '';
				}}>
				<option value="">${t('Add …')}</option>
				${ATTRIBUTES.filter((one) => !parts.some((part) => part.replace(/^-/, '') === one)).map((one) => html`
					<option value=${one}>${names()[one]}</option>
				`)}
			</select>
		</div>
	`;
}
