// One exception: what it says and what would make it good; taken care of, put off, tried in a scenario.
import { html, useState } from '../vendor/preact.js';
import { Remedies } from '../answer.js';
import { call, requestId, useAnswer } from '../api.js';
import { Field, Form } from '../form.js';
import { cash, instant, num } from '../format.js';
import { mends, said } from '../said.js';
import { inScenario, remember, remembered, say, tick } from '../state.js';
import { cap, t } from '../texts.js';
import { Badge, Dialog, Do, Facts, day, link, word } from '../ui.js';
import { tryForPromise } from '../whatif.js';
import { termsOf } from './life.js';

export function limitLink(of) {
	const limit = of.limiting ?? {};
	if (limit.resource) return link('resource', limit.resource);
	if (limit.supply) return link('supply', limit.supply);
	if (limit.supplier) return link('supplier', limit.supplier);
	return limit.item ? link('item', limit.item) : limit.demandClass || '';
}

export function One({ of, onClose }) {
	const [by, setBy] = useState(remembered('name'));
	const [note, setNote] = useState('');
	const promiseId = of.promiseIds?.[0];
	const explained = useAnswer(
		'PromiseService/Explain',
		promiseId && of.order && of.kind !== 'COULD_BE_SOONER' ? inScenario({ promiseId }) : null,
	);
	const send = (method, more) => async () => {
		if (!by.trim()) {
			say(t('Say who you are.'), 'bad');
			return;
		}
		remember('name', by);
		await call(method, { requestId: requestId(), exceptionId: of.exceptionId, by, note, ...more });
		tick.value += 1;
		onClose();
	};
	const later = (days) => new Date(Date.now() + days * 86400e3).toISOString();
	const attempt = async (remedy) => {
		const found = await call('PromiseService/Get', inScenario({ promiseId }));
		const promise = found.promises?.[0];
		await tryForPromise(remedy, { ...termsOf(promise), demandClass: promise?.demandClass || undefined }, promiseId);
	};
	const sooner = async () => {
		const found = await call('PromiseService/Get', inScenario({ promiseId }));
		await call('PromiseService/Amend', inScenario({ requestId: requestId(), promiseId, line: termsOf(found.promises?.[0]) }));
		tick.value += 1;
		onClose();
	};
	return html`
		<${Dialog} title=${`${cap(word(of.kind))}: ${of.order ? `${of.order}/${of.line}` : of.subject}`} onClose=${onClose}>
			<p>${said(of.cause)}</p>
			<${Facts}
				of=${[
					[t('Level'), html`<${Badge} is=${of.level} />`],
					[t('Customer'), of.customer],
					[t('Item'), of.item && link('item', of.item)],
					[t('Limited by'), limitLink(of)],
					[t('Quantity'), of.quantity && num(of.quantity)],
					[t('Value'), of.value && cash(of.value)],
					[t('Days'), of.days],
					[t('Date'), of.date && day(of.date)],
					[t('Could be'), of.couldBe && day(of.couldBe)],
					[t('Since'), instant(of.since)],
					[t('Promises'), (of.promiseIds ?? []).slice(0, 8).map((id) => html`${link('promise', id)} `)],
					[t('Seen by'), of.acknowledged && `${of.acknowledged.by}, ${instant(of.acknowledged.at)} ${of.acknowledged.note ?? ''}`],
				]} />
			${of.kind === 'COULD_BE_SOONER' && html`<p class="pad"><${Do} class="main" run=${sooner}>${t('Take the earlier date')}<//></p>`}
			${of.order && of.kind !== 'COULD_BE_SOONER' ? html`
				<${Remedies}
					remedies=${explained.data?.now?.remedies?.length ? explained.data.now.remedies : of.remedies}
					looking=${explained.busy && !explained.data} onTry=${attempt} />
			` : of.remedies?.map((one) => html`<p class="pad">${mends(one)}</p>`)}
			<${Form} class="form two" onSubmit=${() => {}}>
				<${Field} label=${t('Your name')} value=${by} on=${setBy} /><${Field} label=${t('Note')} value=${note} on=${setNote} />
				<div class="buttons">
					<${Do} run=${send('ExceptionService/Acknowledge', {})}>${t('I take care of it')}<//>
					<${Do} run=${send('ExceptionService/Snooze', { until: later(1) })}>${t('Tomorrow again')}<//>
					<${Do} run=${send('ExceptionService/Snooze', { until: later(7) })}>${t('In a week')}<//>
				</div>
			<//>
		<//>
	`;
}
