// What if there were more of it each day: capacity added to a resource or a supplier in a scenario, and who is better off.
import { html, useState } from '../vendor/preact.js';
import { Field, Form } from '../form.js';
import { addDays, readNumber } from '../format.js';
import { Hit, usePreview } from '../hit.js';
import { go, say, status } from '../state.js';
import { t } from '../texts.js';
import { Panel } from '../ui.js';
import { row } from '../whatif.js';

/** @param {{title: string, label: string, given: string, span: number, cells: Record<string, string>, name: (n: string) => string}} props
 *   `given`: how much more is written in the field at first; `cells`: of whom; `name`: what the scenario is called */
export function More({ title, label, given, span, cells, name }) {
	const [more, setMore] = useState({ quantity: given, from: '', to: '' });
	const set = (key) => (value) => setMore({ ...more, [key]: value });
	const from = more.from || (status.value?.version?.asOf ?? '');
	const effect = usePreview((quantity) => ({
		name: name(quantity),
		changes: [row('capacity_added', { ...cells, quantity: readNumber(quantity), date: from, to_date: more.to || addDays(from, span - 1) })],
	}));
	const attempt = () => {
		if (readNumber(more.quantity)) effect.preview(more.quantity, 1);
		else say(t('How many more a day?'), 'bad');
	};
	return html`
		<${Panel} title=${title}>
			<${Form} class="form two" onSubmit=${attempt}>
				<${Field} class="full" label=${label} mode="decimal" value=${more.quantity} on=${set('quantity')} />
				<${Field} label=${t('From')} type="date" value=${from} on=${set('from')} />
				<${Field} label=${t('Until')} type="date" value=${more.to} on=${set('to')} />
				<div class="buttons"><button type="submit">${t('Try in a scenario')}</button></div>
				<p class="muted full">${t('Capacity alone moves nothing: promise the lines again by a backlog run in that scenario.')}</p>
			<//>
		<//>
		<${Hit} of=${effect.seen} onKeep=${() => go('backlog', { scenario: effect.keep() })} onForget=${effect.forget} />
	`;
}
