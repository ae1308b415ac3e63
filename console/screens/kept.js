// What was just held or confirmed on the Ask screen, with the clock of its hold, and what can be done with it.
import { html, useEffect, useState } from '../vendor/preact.js';
import { forCustomer } from '../answer.js';
import { call, requestId } from '../api.js';
import { clock, num } from '../format.js';
import { inScenario, tick } from '../state.js';
import { t } from '../texts.js';
import { Badge, Do, Panel, copy, day, lateness, link } from '../ui.js';

/** Seconds that a hold still runs. */
export function Clock({ until }) {
	const [left, setLeft] = useState(() => (Date.parse(until) - Date.now()) / 1000);
	useEffect(() => {
		const timer = setInterval(() => setLeft((Date.parse(until) - Date.now()) / 1000), 1000);
		return () => clearInterval(timer);
	}, [until]);
	return left > 0 ? html`<span class=${left < 120 ? 'late' : ''} role="timer" aria-label=${t('Hold ends in')}>${clock(left)}</span>` : html`
		<span class="hurt">${t('hold has ended')}</span>
	`;
}

export function Kept({ of, onChange }) {
	const put = (one, told) => onChange(of.map((each) => (each === one ? { ...one, ...told?.promise } : each)));
	const act = (one, method) => async () => {
		const told = await call(method, inScenario({ requestId: requestId(), promiseId: one.promiseId }));
		put(one, told);
		tick.value += 1;
	};
	return html`
		<${Panel}
			title=${t('Kept')}
			aside=${html`
				<${Do}
					class="quiet"
					run=${() =>
						copy(
							forCustomer(
								of.map((one) => one.result),
								of.map((one) => one.asked),
							),
						)}>
					${t('Copy for the customer')}
				<//>
			`}>
			<ul class="mend">
				${of.map((one) => html`
					<li key=${one.promiseId || one.order}>
						<span>
							${one.promiseId ? html`<b>${link('promise', one.promiseId)}</b> <${Badge} is=${one.state} />` : html`
								<${Badge} is=${one.result?.status} />
							`} ${num(one.asked.quantity)} ${one.asked.item}
							${one.result?.defaultOption?.legs?.map((leg) => html`
								<br /><small>${t('leaves')} ${day(leg.shipDate)}, ${t('arrives')} ${day(leg.arrivalDate)}, ${lateness(leg.daysLate)}</small>
							`)}
							${one.result?.status === 'ALREADY_PROMISED' ? html`
								<br /><small>${one.result.reasons?.[0]?.text}</small>
							` : !one.promiseId && html`<br /><small>${one.result?.reasons?.[0]?.text ?? t('Nothing was promised.')}</small>`}
						</span>
						${one.state === 'HELD' && html`
							<${Clock} until=${one.heldUntil} />
							<${Do} class="main small" run=${act(one, 'PromiseService/Confirm')}>${t('Make it firm')}<//>
						`}
						${(one.state === 'HELD' || one.state === 'CONFIRMED') && html`
							<${Do} class="small danger" run=${act(one, 'PromiseService/Cancel')}>${t('Give it back')}<//>
						`}
					</li>
				`)}
			</ul>
		<//>
	`;
}
