// Supply: a purchase or work order, who counts on it, and what happens if it comes on another day.
import { html, useEffect } from '../vendor/preact.js';
import { useAnswer } from '../api.js';
import { Field, Form } from '../form.js';
import { num, readNumber } from '../format.js';
import { go, inScenario, route, say, setParams, to } from '../state.js';
import { Table } from '../table.js';
import { t } from '../texts.js';
import { Answer, Panel, Problem, lateness, link, orderLink } from '../ui.js';
import { row, usePreview } from '../whatif.js';
import { Hit } from './supplier.js';

/** @returns {import('../rows.js').Column[]} */
export const dependantColumns = () => [
  { key: 'order', title: t('Order'), narrow: true, get: (one) => (one.order ? `${one.order}/${one.line}` : one.demand || one.promiseId), show: (one) => (one.promiseId ? orderLink(one) : one.demand) }, { key: 'customer', title: t('Customer'), get: (one) => one.customer },
  { key: 'item', title: t('Item'), narrow: true, get: (one) => one.item, show: (one) => link('item', one.item) }, { key: 'quantity', title: t('Quantity'), kind: 'num', narrow: true, get: (one) => one.quantity ?? 0 },
  { key: 'date', title: t('Needed on'), kind: 'date', narrow: true, get: (one) => one.date }, { key: 'late', title: t('Days late'), kind: 'num', get: (one) => one.daysLate ?? 0, show: (one) => (one.promiseId ? lateness(one.daysLate) : '') },
];

export default function Supply({ of: supply }) {
  const { params } = route.value;
  const days = params.late ?? '14';
  const found = useAnswer('CatalogService/Find', inScenario({ text: supply, kinds: /** @type {any} */ (['SUPPLY']), limit: 1 }));
  const body = inScenario({ supply });
  const pegged = useAnswer('PromiseService/GetPegging', body);
  const effect = usePreview((_, by) => ({ name: t('{name} {n} day later|{name} {n} days later', { name: supply, n: by }), changes: [row('supply_moved', { supply, days: by })] }));
  const ask = () => { const by = readNumber(days); if (Number.isInteger(by) && by) { setParams({ late: days, asked: '1' }); effect.preview(supply, by); } else say(t('How many whole days?'), 'bad'); };
  useEffect(() => { if (params.asked) ask(); }, []);
  return html`<div class="head"><h1>${supply}</h1><span class="sub">${found.data?.hits?.[0]?.hint ?? t('Supply')}</span></div>
    <${Panel} title=${t('Who is hit if it comes later?')}><${Form} class="form" onSubmit=${ask}><${Field} label=${t('Days later')} mode="numeric" value=${days} on=${(late) => setParams({ late, asked: '' })} hint=${t('Negative is earlier.')} /><div class="buttons"><button type="submit" class="main">${t('Who is hit?')}</button></div><//><//>
    <${Hit} seen=${effect.seen} keep=${effect.keep} forget=${effect.forget} />
    <${Panel} title=${t('Who counts on it')} aside=${pegged.data?.unpegged ? t('{n} nobody counts on', { n: num(pegged.data.unpegged) }) : ''}>${pegged.error ? html`<${Problem} error=${pegged.error} again=${pegged.again} />` : html`<${Answer} of=${pegged}><${Table} id="d" label=${t('lines')} columns=${dependantColumns()} rows=${pegged.data?.usedBy ?? []} ask=${['PromiseService/GetPegging', body]} open=${(one) => one.promiseId && go(to('promise', one.promiseId))} empty=${t('Nobody counts on it.')} /><//>`}<//>`;
}
