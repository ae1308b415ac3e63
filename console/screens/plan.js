// What a backlog run is to do: which lines, who is served first, who may win or has to give way.
import { html } from '../vendor/preact.js';
import { Choice, Field, Form } from '../form.js';
import { inScenario, route, setParams } from '../state.js';
import { t } from '../texts.js';
import { Panel } from '../ui.js';
import { Sequence } from './sequence.js';

const SEQUENCE = 'priority,requested_date';

/** @returns {[string, string][]} */
const strategies = () => [
	['redistribute', t('redistribute: may gain or lose')],
	['win', t('win: on time, others give way')],
	['gain', t('gain: keeps at least what it has')],
	['fill', t('fill: may lose, never gains')],
	['lose', t('lose: gives everything up')],
];

/** A line as a condition: `ORDER/LINE`. @param {string} key */
const standing = (key) => {
	const cut = key.lastIndexOf('/');
	return `order=${key.slice(0, cut)} line=${key.slice(cut + 1)}`;
};

/** The run that the address asks for. @param {Record<string, string>} params @param {Set<string>} locked lines that stand */
export function asked(params, locked) {
	const segments = [
		['win', params.win],
		['fill', params.fill],
	];
	return inScenario({
		filter: params.filter || undefined,
		sequence: params.sequence ?? SEQUENCE,
		otherwise: params.otherwise || undefined,
		segments: segments.filter(([, filter]) => filter).map(([strategy, filter]) => ({ strategy, filter })),
		first: (params.first ?? '').split(/[\s,]+/).filter(Boolean),
		lock: [...locked].map(standing),
		mostValueSeconds: params.search ? 10 : undefined,
		linesMax: 5000,
		groupsMax: 20,
	});
}

/** @param {{locked: number, busy: boolean, onStart: () => void, onStop: () => void, onUnlock: () => void}} props */
export function Plan({ locked, busy, onStart, onStop, onUnlock }) {
	const { params } = route.value;
	const set = (name) => (value) => setParams({ [name]: value });
	return html`
		<${Panel} title=${t('The run')}>
			<${Form} class="form two" onSubmit=${onStart}>
				<${Field}
					class="full" label=${t('Which lines')} value=${params.filter ?? ''} placeholder="item=HL-U509-B demand_class=web"
					on=${set('filter')}
					hint=${t('All if empty. Conditions with spaces between: customer=A|B priority<=2 requested_date<2014-05-01')} />
				<${Sequence} value=${params.sequence ?? SEQUENCE} on=${set('sequence')} />
				<${Field}
					class="full" label=${t('Orders before all others')} value=${params.first ?? ''} placeholder="SO71824 SO69412/2"
					on=${set('first')} />
				<${Choice}
					class="full" label=${t('What becomes of them')} value=${params.otherwise ?? 'redistribute'} of=${strategies()}
					on=${set('otherwise')} />
				<${Field} label=${t('… but these win')} value=${params.win ?? ''} placeholder="demand_class=key_account" on=${set('win')} />
				<${Field} label=${t('… and these give way')} value=${params.fill ?? ''} placeholder="demand_class=web" on=${set('fill')} />
				<label class="check full">
					<input type="checkbox" checked=${!!params.search} onChange=${(event) => set('search')(event.target.checked ? '1' : '')} />
					${t('Look ten seconds for a sequence worth more')}
				</label>
				<div class="buttons">
					<button type="submit" class="main" disabled=${busy}>${locked ? t('Lock {n} and run again', { n: locked }) : t('Run')}</button>
					${busy && html`<button type="button" onClick=${onStop}>${t('Stop')}</button>`}
					${locked > 0 && html`<button type="button" class="quiet" onClick=${onUnlock}>${t('Unlock all')}</button>`}
				</div>
			<//>
		<//>
	`;
}
