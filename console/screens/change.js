// A change of planning data, typed: what changes, and its cells.
import { html, useState } from '../vendor/preact.js';
import { Choice, Field, Form, faults } from '../form.js';
import { cap, t } from '../texts.js';
import { row } from '../whatif.js';

/** The changes that people make most, with their cells: `date` and `number` say how a cell is typed. @type {Record<string, string[]>} */
export const CHANGES = {
	supply_moved: ['supply', 'supplier', 'days', 'date'],
	supply_added: ['supply', 'type', 'item', 'location', 'date', 'quantity', 'supplier'],
	supply_cut: ['supply', 'quantity'],
	supply_cancelled: ['supply'],
	on_hand_set: ['item', 'location', 'quantity'],
	on_hand_adjusted: ['item', 'location', 'quantity'],
	capacity_added: ['resource', 'supplier', 'item', 'location', 'date', 'to_date', 'quantity'],
	capacity_set: ['resource', 'supplier', 'item', 'location', 'date', 'to_date', 'quantity'],
	lead_time_set: ['supplier', 'item', 'work_definition', 'location', 'days'],
	share_changed: ['rule', 'demand_class', 'effective_from', 'value'],
	share_shifted: ['item', 'location', 'demand_class', 'to_class', 'quantity', 'date'],
	priority_set: ['customer', 'demand_class', 'priority'],
	demand_created: ['demand', 'item', 'location', 'date', 'quantity', 'customer'],
	demand_changed: ['demand', 'date', 'quantity'],
	demand_cancelled: ['demand'],
	atp_rule_set: ['rule', 'setting', 'value'],
};
/** The cells of a change, in the order in which they are typed. @param {any} change @returns {[string, string][]} */
export function cellsOf({ change, cells = {} }) {
	const order = CHANGES[change] ?? [];
	const place = (name) => (order.includes(name) ? order.indexOf(name) : order.length);
	return /** @type {[string, string][]} */ (Object.entries(cells)).sort(([a], [b]) => place(a) - place(b));
}
export const words = (text) => t(text.replaceAll('_', ' '));

/** One change, typed. */
export function ChangeForm({ make, label }) {
	const [kind, setKind] = useState('supply_moved');
	const [cells, setCells] = useState(/** @type {Record<string, string>} */ ({}));
	const [error, setError] = useState(/** @type {any} */ (null));
	const [busy, setBusy] = useState(false);
	const send = async () => {
		setBusy(true);
		try {
			await make(row(kind, Object.fromEntries(CHANGES[kind].map((name) => [name, cells[name]]))));
			setCells({});
			setError(null);
		} catch (problem) {
			setError(problem);
		} finally {
			setBusy(false);
		}
	};
	const wrong = faults({
		fields: error?.fields?.map((one) => ({
			...one,
			field: one.field.replace(/^changes\[\d+\]\.(cells\.)?/, '').replace(/^cells\["?(\w+)"?\]$/, '$1'),
		})),
	});
	const known = Object.keys(wrong).some((name) => CHANGES[kind].includes(name));
	return html`
		<${Form} class="form" onSubmit=${send}>
			<${Choice}
				label=${t('What changes')} value=${kind}
				on=${(next) => {
					setKind(next);
					setError(null);
				}}
				of=${Object.keys(CHANGES).map((one) => [one, cap(words(one))])} />
			${CHANGES[kind].map((name) => html`
				<${Field}
					key=${name} label=${cap(words(name))} type=${/date|from$/.test(name) ? 'date' : 'text'} value=${cells[name] ?? ''}
					error=${wrong[name]} on=${(value) => setCells({ ...cells, [name]: value })} />
			`)}
			${error && !known && html`<p class="hurt full" role="alert">${error.message}</p>`}
			<div class="buttons"><button type="submit" class="main" disabled=${busy}>${label}</button></div>
		<//>
	`;
}
