// Promise: its life, why its date is what it is, what would change it, what it is made of and who counts on it.
import { html, useEffect, useState } from '../vendor/preact.js';
import { Reasons, Remedies, promisedDate } from '../answer.js';
import { call, requestId, useAnswer } from '../api.js';
import { Field, Form, faults } from '../form.js';
import { cash, date, instant, num, readNumber } from '../format.js';
import { Gantt } from '../gantt.js';
import { go, href, inScenario, say, scenario, status, tick, to } from '../state.js';
import { t } from '../texts.js';
import { Answer, Badge, Dialog, Do, Facts, Panel, day, lateness, link, orderLink, word } from '../ui.js';
import { tryForPromise } from '../whatif.js';
import { Clock } from './kept.js';

/** The line as it would be asked for again. @param {any} one */
export function termsOf(one) {
  if (one.terms) return one.terms;
  return { order: one.order, line: one.line, item: one.item, quantity: one.quantity, requestedDate: one.requestedDate, dateType: one.dateType, customer: one.customer || undefined, zone: one.zone || undefined, demandClass: one.demandClass || undefined, priority: one.priority };
}

/** Why its date is what it is now, what it is made of, and who counts on that. @param {any} promise */
function useExplained(promise) {
  const live = promise && ['HELD', 'CONFIRMED'].includes(promise.state);
  const explained = useAnswer('PromiseService/Explain', live ? inScenario({ promiseId: promise.promiseId }) : null);
  const pegging = useAnswer('PromiseService/GetPegging', live ? inScenario({ promiseId: promise.promiseId }) : null);
  const now = explained.data?.now;
  const own = explained.data?.legs?.length ? explained.data.legs : pegging.data?.legs;
  return { now, legs: own ?? now?.defaultOption?.legs ?? [], asked: !own, usedBy: pegging.data?.usedBy ?? [], state: explained };
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
      const told = await call('PromiseService/Amend', inScenario({ requestId: requestId(), promiseId: of.promiseId, line, checkOnly: checkOnly || undefined }));
      setError(null);
      if (checkOnly) { setSeen(told); return; }
      say(told.changed ? t('Changed.') : t('Nothing better can be promised: the old promise stands.'), told.changed ? 'good' : 'bad');
      tick.value += 1;
      onClose();
    } catch (problem) { setError(problem); }
  };
  const wrong = faults({ fields: error?.fields?.map((one) => ({ ...one, field: one.field.replace(/^line\./, '') })) });
  const leg = seen?.result?.defaultOption?.legs?.at(-1);
  return html`<${Dialog} title=${t('Change the promise')} onClose=${onClose}><${Form} class="form two" onSubmit=${() => send(true)}>
    <${Field} label=${t('Quantity')} mode="decimal" value=${quantity} on=${setQuantity} error=${wrong.quantity} /><${Field} label=${of.dateType === 'ARRIVAL' ? t('To be there on') : t('To leave on')} type="date" value=${when} on=${setWhen} error=${wrong.requested_date} />
    ${error && !Object.keys(wrong).length && html`<p class="hurt full" role="alert">${error.message}</p>`}
    ${seen && html`<p class="full" aria-live="polite"><${Badge} is=${seen.result?.status} /> ${leg ? html`${t('leaves')} ${day(leg.shipDate)}, ${t('arrives')} ${day(leg.arrivalDate)}, ${lateness(seen.result.defaultOption.daysLate)}` : seen.result?.reasons?.[0]?.text}</p>`}
    <div class="buttons"><button type="submit">${t('Look first')}</button><${Do} class="main" run=${() => send(false)}>${t('Change it')}<//></div><//><//>`;
}

function Actions({ of }) {
  const [amending, setAmending] = useState(false);
  const id = of.promiseId;
  const act = (method, more = {}) => async () => { await call(method, inScenario({ requestId: requestId(), promiseId: id, ...more })); tick.value += 1; };
  const open = of.state === 'HELD' || of.state === 'CONFIRMED';
  return html`<span class="actions">${of.state === 'HELD' && html`<${Clock} until=${of.heldUntil} /><${Do} class="main" run=${act('PromiseService/Confirm')}>${t('Confirm')}<//><${Do} run=${async () => { await call('PromiseService/ExtendHold', inScenario({ requestId: requestId(), promiseIds: [id], holdFor: '900s' })); tick.value += 1; }}>${t('Hold 15 minutes longer')}<//>`}
    ${open && html`<button type="button" onClick=${() => setAmending(true)}>${t('Change …')}</button>`}
    ${of.state === 'CONFIRMED' && !scenario.value && html`<${Do} run=${async () => { await call('PromiseService/Fulfil', { requestId: requestId(), promiseId: id }); tick.value += 1; }}>${t('It has shipped')}<//>`}
    ${of.state === 'FULFILLED' && html`<${Do} run=${async () => { await call('PromiseService/Reopen', { requestId: requestId(), promiseId: id }); tick.value += 1; }}>${t('Take the shipment back')}<//>`}
    ${open && html`<${Do} class="danger" run=${async () => { if (confirm(t('Give this promise back? What it took is free for others.'))) await act('PromiseService/Cancel')(); }}>${t('Give it back')}<//>`}
    ${amending && html`<${Amend} of=${of} onClose=${() => setAmending(false)} />`}</span>`;
}

function One({ of }) {
  const { now, legs, asked, usedBy, state } = useExplained(of);
  const days = Math.max(0, ...(of.legs ?? []).map((leg) => leg.daysLate ?? 0));
  const end = promisedDate({ legs: of.legs }, of.dateType);
  const could = now?.defaultOption ? promisedDate(now.defaultOption, of.dateType) : '';
  const sooner = could && end && could < end;
  const today = status.value?.version?.asOf;
  const earlier = async () => { await call('PromiseService/Amend', inScenario({ requestId: requestId(), promiseId: of.promiseId, line: termsOf(of) })); tick.value += 1; };
  const life = of.history?.length > 0 && html`<${Panel} title=${t('Its life')}><ol class="steps">${of.history.map((step) => html`<li><b>${word(step.step)}</b><small>${instant(step.at)}${step.by ? `, ${step.by}` : ''}</small><br /><small>${num(step.quantity)}${step.shipDate ? html`, ${t('leaves')} ${day(step.shipDate)}` : ''}</small></li>`)}</ol><//>`;
  return html`<div class="head"><h1>${of.order}/${of.line}</h1><span class="sub">${of.promiseId} <${Badge} is=${of.state} />${of.atRisk ? html` <${Badge} is="AT_RISK" />` : ''}</span><${Actions} of=${of} /></div>
    <section class="panel"><p class="headline pad"><b>${num(of.quantity)} ${link('item', of.item)}</b> ${t('for')} ${of.customer ? html`<a href=${href('promises', { customer: of.customer })}>${of.customer}</a>` : t('nobody in particular')}: ${t('asked for')} <b>${day(of.requestedDate)}</b>, ${t('promised')} <b>${day(end)}</b>, ${lateness(days)}.
      ${sooner ? html` <span class="fine">${t('It could be {date} by now.', { date: date(could) })}</span> ` : ''}${sooner ? html`<${Do} class="small" run=${earlier}>${t('Take the earlier date')}<//>` : ''}</p>
      <${Facts} of=${[[t('From'), (of.legs ?? []).map((leg) => `${num(leg.quantity)} ${leg.location}${leg.shipMethod ? `, ${leg.shipMethod}` : ''}`).join(' + ')], [t('Leaves'), (of.legs ?? []).map((leg) => html`${day(leg.shipDate)} `)], [t('Arrives'), (of.legs ?? []).map((leg) => html`${day(leg.arrivalDate)} `)],
    [t('Supply'), (of.legs ?? []).flatMap((leg) => (leg.supply ?? '').split('+')).map((one) => t(one)).join(' + ')], [t('Class'), of.demandClass], [t('Priority'), of.priority], [t('Cost'), cash(of.cost)], [t('Profit'), html`<span class=${(of.profit ?? 0) < 0 ? 'hurt' : ''}>${cash(of.profit)}</span>`], [t('Asked quantity'), num(of.quantityRequested)], [t('Forced'), of.force && `${of.force.by}: ${of.force.why}`]]} /></section>
    <${Answer} of=${state}>${now && (days > 0 || now.status !== 'ON_TIME' || of.atRisk) ? html`<div class="columns"><${Panel} title=${t('Why')}><${Reasons} bare reasons=${now.reasons} />${!now.reasons?.length && html`<p class="pad muted">${now.status === 'ON_TIME' ? t('Asked for now it would be on time: what was in its way is gone.') : t('Nothing is told.')}</p>`}<//>
      <div><${Panel} title=${t('What would change it')}><${Remedies} bare remedies=${now.remedies} onTry=${(remedy) => tryForPromise(remedy, { ...termsOf(of), demandClass: of.demandClass || undefined }, of.promiseId)} /><//>${life}</div></div>` : life}<//>
    ${legs.length > 0 && html`<${Panel} title=${t('Pegging')} aside=${asked ? t('as it would be made if it were asked for now') : ''}><${Gantt} legs=${legs} reasons=${now?.reasons} today=${today} asked=${of.requestedDate} promised=${end} /><//>`}
    ${usedBy.length > 0 && html`<${Panel} title=${t('Who counts on what it has planned')}><ul class="why">${usedBy.map((one) => html`<li>${orderLink(one)} ${one.customer || ''} · ${num(one.quantity)} ${one.item} · ${day(one.date)}</li>`)}</ul><//>`}`;
}

export default function Promise_({ of }) {
  const cut = of.lastIndexOf('/');
  const byId = /^P\d+$/.test(of);
  const found = useAnswer('PromiseService/Get', inScenario(byId ? { promiseId: of, history: true } : cut > 0 ? { order: of.slice(0, cut), line: of.slice(cut + 1), history: true } : { order: of, history: true }));
  const all = found.data?.promises ?? [];
  const live = all.filter((one) => one.state === 'HELD' || one.state === 'CONFIRMED');
  const single = all.length === 1 ? all[0] : live.length === 1 ? live[0] : null;
  useEffect(() => { document.title = `${of} · Promised`; });
  if (found.error?.code === 'not_found' && !/scenario/i.test(found.error.message)) return html`<h1>${of}</h1><section class="panel"><div class="state empty"><b>${t('There is no such promise')}</b><p>${t('Nothing is promised under this name. Look among all promises, or ask for the line.')}</p><a class="button" href=${href('promises')}>${t('Promises')}</a></div></section>`;
  if (single) return html`<${One} of=${single} />`;
  return html`<div class="head"><h1>${of}</h1><span class="sub">${t('{n} promise|{n} promises', { n: all.length })}</span></div><${Answer} of=${found}><section class="panel"><ul class="mend">${all.map((one) => html`<li><span><a href=${href(to('promise', one.promiseId ?? ''))}>${one.order}/${one.line}</a> <${Badge} is=${one.state} /> ${num(one.quantity)} ${link('item', one.item)} · ${t('arrives')} ${day(promisedDate({ legs: one.legs }, 'ARRIVAL'))}</span>
    <span>${lateness(Math.max(0, ...(one.legs ?? []).map((leg) => leg.daysLate ?? 0)))}</span></li>`)}</ul></section><//>`;
}
export { go };
