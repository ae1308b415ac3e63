// Supplier: who is hit if it is late, what waits for it, and how much of it is left to order.
import { html, useMemo } from '../vendor/preact.js';
import { useAnswer } from '../api.js';
import { Combo } from '../form.js';
import { num } from '../format.js';
import { WhoIsHit } from '../hit.js';
import { said } from '../said.js';
import { href, inScenario, route, setParams } from '../state.js';
import { Table } from '../table.js';
import { t } from '../texts.js';
import { Answer, Badge, Panel, orderLink } from '../ui.js';
import { More } from './more.js';
import { Load, takerColumns, takers } from './resource.js';

export default function Supplier({ of: supplier }) {
	const { params } = route.value;
	const waiting = useAnswer('ExceptionService/List', inScenario({ supplier, pageSize: 500 }));
	const capacity = useAnswer('AvailabilityService/GetCapacity', params.item ? inScenario({ supplier, item: params.item, days: 60 }) : null);
	const load = useMemo(() => capacity.data?.days ?? [], [capacity.data]);
	const found = useAnswer('CatalogService/Find', inScenario({ text: supplier, kinds: /** @type {any} */ (['SUPPLIER']), limit: 1 }));
	return html`
		<div class="head"><h1>${supplier}</h1><span class="sub">${found.data?.hits?.[0]?.name ?? t('Supplier')}</span></div>
		<${WhoIsHit}
			title=${t('Who is hit if it is late?')} label=${t('Days late')} hint=${t('All its open supplies move; negative is earlier.')}
			cells=${{ supplier }} name=${(n) => t('{name} is {n} day late|{name} is {n} days late', { name: supplier, n })} />
		<div class="columns wide-left">
			<${Panel}
				title=${t('Exceptions that it limits')}
				aside=${html`<a href=${href('exceptions', { supplier, by: 'item' })}>${t('{n} in all', { n: num(waiting.data?.total ?? 0) })}</a>`}>
				<${Answer} of=${waiting} none=${!waiting.data?.exceptions?.length} empty=${t('Nothing waits for it.')}>
					<${Table}
						id="w" label=${t('exceptions')} rows=${waiting.data?.exceptions ?? []}
						columns=${[
							{
								key: 'kind',
								title: t('Kind'),
								narrow: true,
								width: 14,
								show: (one) => html`<${Badge} is=${one.kind} />`,
							},
							{
								key: 'order',
								title: t('Order'),
								narrow: true,
								get: (one) => (one.order ? `${one.order}/${one.line}` : one.subject),
								show: (one) => (one.order ? orderLink(one) : one.subject),
							},
							{ key: 'item', title: t('Item'), get: (one) => one.limiting?.item || one.item },
							{ key: 'days', title: t('Days'), kind: 'num', narrow: true, get: (one) => one.days ?? 0 },
							{ key: 'cause', title: t('Why'), get: (one) => said(one.cause), width: 46 },
						]} />
				<//>
			<//>
			<${Panel} title=${t('What can still be ordered')}>
				<div class="form">
					<${Combo} label=${t('Item')} kinds=${['ITEM']} value=${params.item ?? ''} on=${(item) => setParams({ item })} />
				</div>
				${params.item ? html`
					<${Answer} of=${capacity}>
						${capacity.data?.unlimited ? html`<p class="pad">${t('It delivers as much a day as is ordered.')}</p>` : html`
							<${Load} days=${load} label=${supplier} />
							<${Table} id="k" label=${t('takers')} columns=${takerColumns(t('Quantity'))} rows=${takers(load)} />
							<${More}
								title=${t('What if it delivered more?')} label=${t('Units more a day')} given="10" span=${60}
								cells=${{ supplier, item: params.item }} name=${(n) => t('{n} a day more of {name}', { n, name: supplier })} />
						`}
					<//>
				` : html`<p class="pad muted">${t('Choose an item that it delivers.')}</p>`}
			<//>
		</div>
	`;
}
