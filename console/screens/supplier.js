// Supplier: who is hit if it is late, what waits for it, and how much of it is left to order.
import { html, useEffect, useMemo } from '../vendor/preact.js';
import { useAnswer } from '../api.js';
import { Combo, Field, Form } from '../form.js';
import { num, readNumber, short } from '../format.js';
import { go, href, inScenario, route, say, setParams, to } from '../state.js';
import { Table } from '../table.js';
import { t } from '../texts.js';
import { Answer, Badge, Do, Panel, orderLink } from '../ui.js';
import { Kpis, differenceColumns, row, usePreview } from '../whatif.js';
import { Load, takerColumns, takers } from './resource.js';

/** The result of "what if it is late". */
export function Hit({ seen, keep, forget }) {
  if (!seen) return null;
  if (seen.error) return html`<section class="panel"><div class="state bad" role="alert">${seen.error.message}</div></section>`;
  const { compared } = seen;
  const lines = compared.lines ?? [];
  const risk = Number(compared.after?.atRisk ?? 0) - Number(compared.before?.atRisk ?? 0);
  const customers = (compared.groups ?? []).filter((one) => one.dimension === 'customer');
  return html`<${Panel} class="preview" title=${seen.name} aside=${html`<span>${t('{n} ms', { n: Math.round(seen.took) })}</span><${Do} class="main" run=${async () => go('backlog', { scenario: keep() })}>${t('Promise again in this scenario')}<//><${Do} run=${async () => forget()}>${t('Forget it')}<//>`}>
    <p class="headline" aria-live="polite"><b class=${compared.losers ? 'hurt' : 'fine'}>${t('{n} line is hit|{n} lines are hit', { n: num(compared.losers) })}</b>${risk ? html`, ${t('{n} at risk', { n: num(risk) })}, ${t('worth {value}', { value: short((compared.after?.revenueAtRisk ?? 0) - (compared.before?.revenueAtRisk ?? 0)) })}` : ''}.</p>
    <div class="columns wide-left"><${Table} id="h" label=${t('lines')} columns=${differenceColumns()} rows=${lines} open=${(one) => go(to('promise', `${one.order}/${one.line}`))} />
      <div class="pad"><${Kpis} of=${compared} names=${[t('If so'), t('Now')]} />${customers.length > 0 && html`<h3>${t('Customers hit most')}</h3><ul>${customers.slice(0, 8).map((one) => html`<li><a href=${href('promises', { customer: one.key })}>${one.key}</a> <span class="muted">${short((one.after?.revenueAtRisk ?? 0) - (one.before?.revenueAtRisk ?? 0))}</span></li>`)}</ul>`}</div></div><//>`;
}

export default function Supplier({ of: supplier }) {
  const { params } = route.value;
  const days = params.late ?? '14';
  const effect = usePreview((_, by) => ({ name: t('{name} is {n} day late|{name} is {n} days late', { name: supplier, n: by }), changes: [row('supply_moved', { supplier, days: by })] }));
  const ask = () => { const by = readNumber(days); if (Number.isInteger(by) && by) { setParams({ late: days, asked: '1' }); effect.preview(supplier, by); } else say(t('How many whole days?'), 'bad'); };
  useEffect(() => { if (params.asked) ask(); }, []);
  const waiting = useAnswer('ExceptionService/List', inScenario({ supplier, pageSize: 20 }));
  const capacity = useAnswer('AvailabilityService/GetCapacity', params.item ? inScenario({ supplier, item: params.item, days: 60 }) : null);
  const load = useMemo(() => capacity.data?.days ?? [], [capacity.data]);
  const found = useAnswer('CatalogService/Find', inScenario({ text: supplier, kinds: /** @type {any} */ (['SUPPLIER']), limit: 1 }));
  return html`<div class="head"><h1>${supplier}</h1><span class="sub">${found.data?.hits?.[0]?.name ?? t('Supplier')}</span></div>
    <${Panel} title=${t('Who is hit if it is late?')}><${Form} class="form" onSubmit=${ask}><${Field} label=${t('Days late')} mode="numeric" value=${days} on=${(late) => setParams({ late, asked: '' })} hint=${t('All its open supplies move; negative is earlier.')} /><div class="buttons"><button type="submit" class="main">${t('Who is hit?')}</button></div><//><//>
    <${Hit} seen=${effect.seen} keep=${effect.keep} forget=${effect.forget} />
    <div class="columns"><${Panel} title=${t('Exceptions that it limits')}><${Answer} of=${waiting} none=${!waiting.data?.exceptions?.length} empty=${t('Nothing waits for it.')}><${Table} id="w" label=${t('exceptions')} rows=${waiting.data?.exceptions ?? []} columns=${[
    { key: 'kind', title: t('Kind'), narrow: true, width: 14, get: (one) => one.kind, show: (one) => html`<${Badge} is=${one.kind} />` }, { key: 'order', title: t('Order'), narrow: true, get: (one) => (one.order ? `${one.order}/${one.line}` : one.subject), show: (one) => (one.order ? orderLink(one) : one.subject) },
    { key: 'item', title: t('Item'), get: (one) => one.limiting?.item || one.item }, { key: 'days', title: t('Days'), kind: 'num', narrow: true, get: (one) => one.days ?? 0 }, { key: 'cause', title: t('Why'), get: (one) => one.cause, width: 40 }]} /><//><//>
      <${Panel} title=${t('What can still be ordered')}><div class="form"><${Combo} label=${t('Item')} kinds=${['ITEM']} value=${params.item ?? ''} on=${(item) => setParams({ item })} /></div>
        ${params.item ? html`<${Answer} of=${capacity}>${capacity.data?.unlimited ? html`<p class="pad">${t('It delivers as much a day as is ordered.')}</p>` : html`<${Load} days=${load} label=${supplier} /><${Table} id="k" label=${t('takers')} columns=${takerColumns(t('Quantity'))} rows=${takers(load)} />`}<//>` : html`<p class="pad muted">${t('Choose an item that it delivers.')}</p>`}<//></div>`;
}
