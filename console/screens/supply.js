// Supply: a purchase or work order, who counts on it, and what happens if it comes on another day.
import { html } from '../vendor/preact.js';
import { useAnswer } from '../api.js';
import { num } from '../format.js';
import { WhoIsHit } from '../hit.js';
import { said } from '../said.js';
import { go, inScenario, to } from '../state.js';
import { Table } from '../table.js';
import { t } from '../texts.js';
import { Answer, Panel, Problem, lateness, link, orderLink } from '../ui.js';

/** @returns {import('../rows.js').Column[]} */
export const dependantColumns = () => [
	{
		key: 'order',
		title: t('Order'),
		narrow: true,
		get: (one) => (one.order ? `${one.order}/${one.line}` : one.demand || one.promiseId),
		show: (one) => (one.promiseId ? orderLink(one) : one.demand),
	},
	{ key: 'customer', title: t('Customer') },
	{ key: 'item', title: t('Item'), narrow: true, show: (one) => link('item', one.item) },
	{ key: 'quantity', title: t('Quantity'), kind: 'num', narrow: true, get: (one) => one.quantity ?? 0 },
	{ key: 'date', title: t('Needed on'), kind: 'date', narrow: true },
	{
		key: 'late',
		title: t('Days late'),
		kind: 'num',
		get: (one) => one.daysLate ?? 0,
		show: (one) => (one.promiseId ? lateness(one.daysLate) : ''),
	},
];

export default function Supply({ of: supply }) {
	const found = useAnswer('CatalogService/Find', inScenario({ text: supply, kinds: /** @type {any} */ (['SUPPLY']), limit: 1 }));
	const body = inScenario({ supply });
	const pegged = useAnswer('PromiseService/GetPegging', body);
	return html`
		<div class="head"><h1>${supply}</h1><span class="sub">${said(found.data?.hits?.[0]?.hint) || t('Supply')}</span></div>
		<${WhoIsHit}
			title=${t('Who is hit if it comes later?')} label=${t('Days later')} hint=${t('Negative is earlier.')} cells=${{ supply }}
			name=${(n) => t('{name} {n} day later|{name} {n} days later', { name: supply, n })} />
		<${Panel}
			title=${t('Who counts on it')} aside=${pegged.data?.unpegged ? t('{n} nobody counts on', { n: num(pegged.data.unpegged) }) : ''}>
			${pegged.error ? html`<${Problem} error=${pegged.error} again=${pegged.again} />` : html`
				<${Answer} of=${pegged}>
					<${Table}
						id="d" label=${t('lines')} columns=${dependantColumns()} rows=${pegged.data?.usedBy ?? []}
						ask=${['PromiseService/GetPegging', body]} open=${(one) => one.promiseId && go(to('promise', one.promiseId))}
						empty=${t('Nobody counts on it.')} />
				<//>
			`}
		<//>
	`;
}
