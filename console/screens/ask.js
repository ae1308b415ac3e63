// Ask: can we promise it, when, from where, at what cost; hold or confirm it; what would make a late line on time.
import { html, useEffect, useMemo, useRef, useState } from '../vendor/preact.js';
import { Dates, LineAnswer, forCustomer } from '../answer.js';
import { call, requestId } from '../api.js';
import { Check, Choice, Combo, Field, Form, faults } from '../form.js';
import { num, readDate, readNumber, span } from '../format.js';
import { pasted } from '../rows.js';
import { go, inScenario, route, scenario, setParams, status, tick } from '../state.js';
import { t } from '../texts.js';
import { Badge, Do, Panel, Problem, Segmented, copy } from '../ui.js';
import { asChanges, whatIf } from '../whatif.js';
import { Kept } from './kept.js';

const newOrder = () => `ASK-${Date.now().toString(36).slice(-6).toUpperCase()}`;

/** Columns that a pasted table may have, by the names people give them. @type {[string, RegExp][]} */
const HEADS = [['item', /^(item|artikel|material|ürün|malzeme|sku|product)/i], ['quantity', /^(quantity|qty|menge|miktar|anzahl|adet)/i], ['requestedDate', /(date|datum|tarih|termin)/i], ['customer', /^(customer|kunde|müşteri)/i], ['location', /^(location|werk|lager|ort|yer|plant)/i], ['order', /^(order|auftrag|sipariş)/i], ['line', /^(line|position|pos|satır)/i], ['demandClass', /class|klasse|sınıf/i]];

/** @param {string} text @param {any} rest @returns {{lines: any[], faults: string[]}} */
export function readLines(text, rest) {
  const rows = pasted(text);
  if (!rows.length) return { lines: [], faults: [] };
  const heads = rows[0].map((cell) => HEADS.find(([, pattern]) => pattern.test(cell))?.[0] ?? '');
  const headed = heads.includes('item') && Number.isNaN(readNumber(rows[0][1] ?? ''));
  const names = headed ? heads : ['item', 'quantity', 'requestedDate', 'customer', 'location'];
  const wrong = /** @type {string[]} */ ([]);
  const lines = rows.slice(headed ? 1 : 0).map((cells, at) => {
    const line = /** @type {any} */ ({ ...rest, line: String(at + 1) });
    names.forEach((name, n) => { if (name && cells[n]) line[name] = cells[n]; });
    line.quantity = readNumber(String(line.quantity ?? ''));
    line.requestedDate = readDate(String(line.requestedDate ?? '')) || line.requestedDate;
    if (!line.item || Number.isNaN(line.quantity) || !line.requestedDate) wrong.push(t('Line {n}: item, quantity and date are needed.', { n: at + 1 }));
    return line;
  });
  return { lines, faults: wrong };
}

export default function Ask() {
  const { params } = route.value;
  const [order, setOrder] = useState(newOrder);
  const [answer, setAnswer] = useState(/** @type {any} */ (null));
  const [error, setError] = useState(/** @type {any} */ (null));
  const [kept, setKept] = useState(/** @type {any[]} */ ([]));
  const [holdFor, setHoldFor] = useState('900');
  const [busy, setBusy] = useState(false);
  const many = 'lines' in params;
  const on = (name) => (value) => setParams({ [name]: value });
  const today = status.value?.version?.asOf ?? '';
  const turn = useRef(0);

  const wanted = useMemo(() => {
    const rest = { order: params.order || order, dateType: params.type === 'SHIP' ? 'SHIP' : 'ARRIVAL', customer: params.customer || undefined, location: params.location || undefined, demandClass: params.class || undefined, latestDate: params.latest || undefined,
      shipMethod: params.method || undefined, split: params.split ? true : undefined, substitutes: params.substitutes ? true : undefined, unitPrice: params.price ? readNumber(params.price) : undefined, requestedDate: params.date ?? '' };
    if (many) return readLines(params.lines ?? '', rest);
    return { lines: [{ ...rest, line: '1', item: (params.item ?? '').trim(), quantity: readNumber(params.qty ?? '') }], faults: [] };
  }, [JSON.stringify(params), order]);

  const missing = () => {
    if (many) return wanted.faults.length || !wanted.lines.length ? { message: wanted.faults.join(' ') || t('Paste at least one line.'), fields: [] } : null;
    const [line] = wanted.lines;
    const fields = [!line.item && { field: 'item', description: t('Which item?') }, !(line.quantity > 0) && { field: 'quantity', description: t('How many?') }, !line.requestedDate && { field: 'requested_date', description: t('For which day?') }].filter(Boolean);
    return fields.length ? { message: '', fields } : null;
  };
  const body = () => inScenario({ lines: wanted.lines, objective: /** @type {any} */ (params.objective || undefined) });
  const check = async () => {
    const lack = missing();
    setError(lack);
    if (lack) { setAnswer(null); return; }
    setParams({ asked: '1' });
    setBusy(true);
    const mine = ++turn.current;
    try {
      const question = { ...body(), alternatives: 4, pegging: true };
      const told = await call('PromiseService/CheckAvailability', question);
      if (mine !== turn.current) return;
      const late = wanted.lines.length <= 50 && told.results?.some((one) => one.status !== 'ON_TIME' && one.status !== 'ALREADY_PROMISED');
      setAnswer({ told, lines: wanted.lines, looking: late });
      setError(null);
      setBusy(false);
      // What would change a late date takes many searches: it comes after the date itself.
      const more = late && await call('PromiseService/CheckAvailability', { ...question, remedies: true });
      if (more && mine === turn.current) setAnswer({ told: more, lines: wanted.lines });
    } catch (problem) { if (mine === turn.current) { setError(problem); setAnswer(null); } } finally { setBusy(false); }
  };
  const promise = async (commitment) => {
    const lack = missing();
    setError(lack);
    if (lack) return;
    const same = (one) => one.state === 'HELD' && wanted.lines.some((line) => JSON.stringify({ ...line, order: '' }) === JSON.stringify({ ...one.asked, order: '' }));
    const held = kept.filter(same);
    if (commitment === 'CONFIRM' && held.length === wanted.lines.length) {
      // What is held already is meant: it is not promised a second time.
      const told = await call('PromiseService/Confirm', inScenario({ requestId: requestId(), promiseIds: held.map((one) => one.promiseId) }));
      setKept(kept.map((one) => ({ ...one, ...told.promises?.find((now) => now.order === one.order && now.line === one.line) })));
      tick.value += 1;
      return;
    }
    try {
      const told = await call('PromiseService/Promise', { ...body(), requestId: requestId(), commitment, holdFor: commitment === 'HOLD' ? `${holdFor}s` : undefined, alternatives: 2, pegging: true });
      setKept([...(told.promises ?? []).map((one, n) => ({ ...one, asked: wanted.lines[n] })), ...kept]);
      setAnswer({ told: { results: (told.promises ?? []).map((one) => one.result) }, lines: wanted.lines, kept: true });
      setError(null);
      setOrder(newOrder());
      tick.value += 1;
    } catch (problem) { setError(problem); }
  };
  const asking = JSON.stringify([wanted.lines, params.objective, scenario.value]);
  useEffect(() => {
    if (!params.asked || many) return undefined;
    const timer = setTimeout(() => { if (!missing()) check(); }, answer || error ? 200 : 0);
    return () => clearTimeout(timer);
  }, [asking]);
  const tryIt = (line, result) => async (remedy) => {
    const demandClass = line.demandClass || result.reasons?.find((one) => one.demandClass)?.demandClass;
    const tried = asChanges(remedy, { ...line, demandClass });
    const id = await whatIf(t('Remedy for {name}', { name: line.item }), tried.changes);
    go('ask', { ...params, scenario: id, asked: '1', location: tried.line.location, method: tried.line.shipMethod, split: tried.line.split ? '1' : '', substitutes: tried.line.substitutes ? '1' : '' });
  };
  const wrong = faults(error);
  const general = error && (error.missing || (!Object.keys(wrong).length && error.message)) ? error : null;

  return html`<div class="head"><h1>${t('Ask')}</h1><span class="sub">${t('What can we promise, from where, when, at what cost?')}</span></div>
  <div class="columns wide-right"><div>
    <${Panel} title=${t('Order line')} aside=${html`<${Segmented} label=${t('How many lines')} value=${many ? 'many' : 'one'} of=${[['one', t('One line')], ['many', t('Paste lines')]]} onPick=${(to) => setParams({ lines: undefined, ...(to === 'many' ? { lines: ' ' } : {}) })} />`}>
      <${Form} class="form two" onSubmit=${check}>
        ${many ? html`<div class="field full"><label for="paste">${t('Lines from a spreadsheet')}</label><textarea id="paste" rows="9" placeholder=${`BK-M82S-42\t40\t2014-04-20\nHL-U509-B\t12\t2014-04-15`} value=${(params.lines ?? '').trimStart()} onInput=${(event) => setParams({ lines: event.target.value || ' ' })}></textarea>
            <span class="note">${t('Item, quantity, date, then customer and location if you like; a first row of names may change the order.')} ${wanted.lines.length ? t('{n} line read.|{n} lines read.', { n: wanted.lines.length }) : ''}</span></div>`
    : html`<${Combo} class="full" label=${t('Item')} kinds=${['ITEM']} required value=${params.item ?? ''} on=${on('item')} error=${wrong.item} />
          <${Field} label=${t('Quantity')} mode="decimal" required value=${params.qty ?? ''} on=${on('qty')} error=${wrong.quantity} />
          <${Field} label=${t('Date')} type="date" required value=${params.date ?? ''} on=${on('date')} error=${wrong.requested_date} />`}
        <${Combo} class="full" label=${t('Customer')} kinds=${['CUSTOMER']} value=${params.customer ?? ''} on=${on('customer')} error=${wrong.customer} />
        <div class="full"><${Segmented} label=${t('To be there or to leave')} value=${params.type === 'SHIP' ? 'SHIP' : 'ARRIVAL'} of=${[['ARRIVAL', t('to be there')], ['SHIP', t('to leave')]]} onPick=${on('type')} /></div>
        <${Choice} class="full" label=${t('Best by')} value=${params.objective ?? ''} of=${[['', t('the rule')], ['SOURCING_RANK', t('sourcing rank')], ['EARLIEST', t('earliest arrival')], ['LOWEST_COST', t('lowest cost')], ['HIGHEST_PROFIT', t('highest profit')]]} on=${on('objective')} />
        <details class="full" open=${!!(params.location || params.class || params.latest || params.method || params.split || params.substitutes || params.price)}><summary>${t('More terms')}</summary><div class="form two">
          <${Combo} label=${t('From location')} kinds=${['LOCATION']} value=${params.location ?? ''} on=${on('location')} error=${wrong.location} /><${Field} label=${t('Class')} value=${params.class ?? ''} on=${on('class')} error=${wrong.demand_class} />
          <${Field} label=${t('Not after')} type="date" value=${params.latest ?? ''} on=${on('latest')} error=${wrong.latest_date} /><${Field} label=${t('Ship method')} value=${params.method ?? ''} on=${on('method')} error=${wrong.ship_method} />
          <${Field} label=${t('Unit price')} mode="decimal" value=${params.price ?? ''} on=${on('price')} error=${wrong.unit_price} /><${Field} label=${t('Order')} value=${params.order ?? ''} placeholder=${order} on=${on('order')} error=${wrong.order} />
          <${Check} label=${t('May be split')} checked=${!!params.split} on=${(yes) => on('split')(yes ? '1' : '')} /><${Check} label=${t('Substitutes may ship')} checked=${!!params.substitutes} on=${(yes) => on('substitutes')(yes ? '1' : '')} /></div></details>
        <div class="buttons"><button type="submit" class="main" disabled=${busy}>${t('Check')}</button><${Do} run=${() => promise('HOLD')}>${t('Hold')}<//><${Do} run=${() => promise('CONFIRM')}>${t('Confirm')}<//>
          <label class="check"><span class="muted">${t('hold for')}</span><select value=${holdFor} onChange=${(event) => setHoldFor(event.target.value)}>${[900, 3600, 14400, 86400, 604800].map((one) => html`<option value=${one} selected=${String(one) === holdFor}>${span(one)}</option>`)}</select></label></div>
      <//><//></div>
  <div>
    ${kept.length > 0 && html`<${Kept} of=${kept} onChange=${setKept} />`}
    ${general && html`<${Panel} title=${t('Answer')}><${Problem} error=${general} again=${check} /><//>`}
    ${!general && !answer && html`<section class="panel"><div class="state empty"><b>${t('Nothing asked yet')}</b><p>${t('Say which item, how many and for when. Check keeps nothing; Hold keeps it for a while; Confirm for good.')}</p></div></section>`}
    ${answer && !answer.kept && html`<${Panel} class=${busy ? 'stale' : ''} title=${answer.lines.length > 1 ? t('{n} line|{n} lines', { n: num(answer.lines.length) }) : t('Answer')} aside=${html`<${Do} class="quiet" run=${() => copy(forCustomer(answer.told.results ?? [], answer.lines))}>${t('Copy for the customer')}<//>`}>
      ${answer.lines.length > 1 ? html`<ul>${(answer.told.results ?? []).map((result, n) => html`<li><details open=${n === 0}><summary class="pad"><${Badge} is=${result.status} /> ${answer.lines[n].line}. ${num(answer.lines[n].quantity)} ${answer.lines[n].item} <span class="muted"><${Dates} of=${result.defaultOption} /></span></summary>
        <${LineAnswer} result=${result} line=${answer.lines[n]} today=${today} looking=${answer.looking} onTry=${tryIt(answer.lines[n], result)} /></details></li>`)}</ul>`
    : html`<${LineAnswer} result=${answer.told.results?.[0] ?? {}} line=${answer.lines[0]} today=${today} looking=${answer.looking} onTry=${tryIt(answer.lines[0], answer.told.results?.[0] ?? {})} onTake=${(option) => { setParams({ location: option.legs[0].location, method: option.legs[0].shipMethod, item: option.legs[0].item }); }} />`}<//>`}
  </div></div>`;
}
