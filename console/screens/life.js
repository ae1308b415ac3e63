// What can be done with a promise: confirmed, changed, shipped, given back.
import { html, useState } from '../vendor/preact.js';
import { call, requestId } from '../api.js';
import { Field, Form, faults } from '../form.js';
import { readNumber } from '../format.js';
import { inScenario, say, scenario, tick } from '../state.js';
import { t } from '../texts.js';
import { Badge, Dialog, Do, day, lateness } from '../ui.js';
import { Clock } from './kept.js';

/** The line as it would be asked for again. @param {any} one */
export function termsOf(one) {
	if (one.terms) return one.terms;
	return {
		order: one.order,
		line: one.line,
		item: one.item,
		quantity: one.quantity,
		requestedDate: one.requestedDate,
		dateType: one.dateType,
		customer: one.customer || undefined,
		zone: one.zone || undefined,
		demandClass: one.demandClass || undefined,
		priority: one.priority,
	};
}

function Amend({ of, onClose }) {
	const terms = termsOf(of);
	const [quantity, setQuantity] = useState(String(of.quantity));
	const [when, setWhen] = useState(of.requestedDate);
	const [seen, setSeen] = useState(/** @type {any} */ (null));
	const [error, setError] = useState(/** @type {any} */ (null));
	const line = { ...terms, quantity: readNumber(quantity), requestedDate: when, orderedAt: undefined };
	const send = async (checkOnly) => {
		try {
			const told = await call(
				'PromiseService/Amend',
				inScenario({ requestId: requestId(), promiseId: of.promiseId, line, checkOnly: checkOnly || undefined }),
			);
			setError(null);
			if (checkOnly) {
				setSeen(told);
				return;
			}
			say(told.changed ? t('Changed.') : t('Nothing better can be promised: the old promise stands.'), told.changed ? 'good' : 'bad');
			tick.value += 1;
			onClose();
		} catch (problem) {
			setError(problem);
		}
	};
	const wrong = faults({ fields: error?.fields?.map((one) => ({ ...one, field: one.field.replace(/^line\./, '') })) });
	const leg = seen?.result?.defaultOption?.legs?.at(-1);
	return html`
		<${Dialog} title=${t('Change the promise')} onClose=${onClose}>
			<${Form} class="form two" onSubmit=${() => send(true)}>
				<${Field} label=${t('Quantity')} mode="decimal" value=${quantity} on=${setQuantity} error=${wrong.quantity} />
				<${Field}
					label=${of.dateType === 'ARRIVAL' ? t('To be there on') : t('To leave on')} type="date" value=${when} on=${setWhen}
					error=${wrong.requested_date} />
				${error && !Object.keys(wrong).length && html`<p class="hurt full" role="alert">${error.message}</p>`}
				${seen && html`
					<p class="full" aria-live="polite">
						<${Badge} is=${seen.result?.status} /> ${leg ? html`
							${t('leaves')} ${day(leg.shipDate)}, ${t('arrives')} ${day(leg.arrivalDate)}, ${lateness(seen.result.defaultOption.daysLate)}
						` : seen.result?.reasons?.[0]?.text}
					</p>
				`}
				<div class="buttons">
					<button type="submit">${t('Look first')}</button><${Do} class="main" run=${() => send(false)}>${t('Change it')}<//>
				</div>
			<//>
		<//>
	`;
}

export function Actions({ of }) {
	const [amending, setAmending] = useState(false);
	const id = of.promiseId;
	const act =
		(method, more = {}) =>
		async () => {
			await call(method, inScenario({ requestId: requestId(), promiseId: id, ...more }));
			tick.value += 1;
		};
	const open = of.state === 'HELD' || of.state === 'CONFIRMED';
	return html`
		<span class="actions">
			${of.state === 'HELD' && html`
				<${Clock} until=${of.heldUntil} /><${Do} class="main" run=${act('PromiseService/Confirm')}>${t('Confirm')}<//>
				<${Do}
					run=${async () => {
						await call('PromiseService/ExtendHold', inScenario({ requestId: requestId(), promiseIds: [id], holdFor: '900s' }));
						tick.value += 1;
					}}>
					${t('Hold 15 minutes longer')}
				<//>
			`}
			${open && html`<button type="button" onClick=${() => setAmending(true)}>${t('Change …')}</button>`}
			${of.state === 'CONFIRMED' && !scenario.value && html`
				<${Do}
					run=${async () => {
						await call('PromiseService/Fulfil', { requestId: requestId(), promiseId: id });
						tick.value += 1;
					}}>
					${t('It has shipped')}
				<//>
			`}
			${of.state === 'FULFILLED' && html`
				<${Do}
					run=${async () => {
						await call('PromiseService/Reopen', { requestId: requestId(), promiseId: id });
						tick.value += 1;
					}}>
					${t('Take the shipment back')}
				<//>
			`}
			${open && html`
				<${Do}
					class="danger"
					run=${async () => {
						if (confirm(t('Give this promise back? What it took is free for others.'))) await act('PromiseService/Cancel')();
					}}>
					${t('Give it back')}
				<//>
			`}
			${amending && html`<${Amend} of=${of} onClose=${() => setAmending(false)} />`}
		</span>
	`;
}
