// What can be done with all promises that are picked in the list: confirm, change, send to a run, give back.
import { html, useState } from '../vendor/preact.js';
import { call, requestId } from '../api.js';
import { go, inScenario, say, tick } from '../state.js';
import { t } from '../texts.js';
import { Do } from '../ui.js';
import { ChangeMany } from './many.js';

/** @param {{of: any[], onDone: () => void}} props the promises, and what to do when they are none any more */
export function Picked({ of, onDone }) {
	const [changing, setChanging] = useState(false);
	const promiseIds = of.map((one) => one.promiseId);
	const done = () => {
		onDone();
		tick.value += 1;
	};
	const cancel = async () => {
		const question = t(
			'Give {n} promise back? What it took is free for others.|Give {n} promises back? What they took is free for others.',
			{
				n: of.length,
			},
		);
		if (!confirm(question)) return;
		const told = await call('PromiseService/Cancel', inScenario({ requestId: requestId(), promiseIds }));
		say(t('{n} given back.', { n: told.promises?.length ?? of.length }));
		done();
	};
	const confirmAll = async () => {
		await call('PromiseService/Confirm', inScenario({ requestId: requestId(), promiseIds }));
		done();
	};
	const toRun = () => go('backlog', { filter: `order=${[...new Set(of.map((one) => one.order))].join('|')}` });
	return html`
		<${Do} class="small" run=${confirmAll}>${t('Confirm')}<//>
		<button type="button" class="small" onClick=${() => setChanging(true)}>${t('Change …')}</button>
		<button type="button" class="small" onClick=${toRun}>${t('Into a backlog run')}</button>
		<${Do} class="small danger" run=${cancel}>${t('Give back')}<//>
		${changing && html`<${ChangeMany} of=${of} onClose=${() => setChanging(false)} onDone=${done} />`}
	`;
}
