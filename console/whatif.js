// Trying things: a scenario with some changes, a remedy in a scenario, and who is better or worse off by it.
import { html, useEffect, useRef, useState } from './vendor/preact.js';
import { call, requestId } from './api.js';
import { date, num, percent, short } from './format.js';
import { said } from './said.js';
import { go, href, scenario, to } from './state.js';
import { t } from './texts.js';
import { Badge, Do, day, link, orderLink } from './ui.js';

/** @typedef {{change: string, cells: Record<string, string>}} Change */

/** A new scenario, taken from the one on the screen or from live, with these changes. @param {string} name @param {Change[]} changes */
export async function whatIf(name, changes) {
  const made = await call('ScenarioService/Create', { name, fromScenarioId: scenario.peek() || undefined });
  const scenarioId = made.scenarioId ?? '';
  try {
    if (changes.length) await call('ScenarioService/Change', { scenarioId, changes });
  } catch (error) {
    await call('ScenarioService/Discard', { scenarioId }).catch(() => {});
    throw error;
  }
  return scenarioId;
}

/** A change as a row of changes.csv. @param {string} change @param {Record<string, any>} cells @returns {Change} */
export const row = (change, cells) => ({ change, cells: Object.fromEntries(Object.entries(cells).filter(([, value]) => value !== undefined && value !== '').map(([key, value]) => [key, String(value)])) });

/** What a remedy changes in the planning data, and what in the line itself. @param {any} remedy @param {any} line @returns {{changes: Change[], line: any}} */
export function asChanges(remedy, line) {
  const { supply, date: on, resource, item, location, quantity, demandClass, shipMethod } = remedy;
  switch (remedy.kind) {
    case 'EXPEDITE': return { changes: [row('supply_moved', on ? { supply, date: on } : { supply, days: -remedy.days })], line };
    case 'HOURS': return { changes: (remedy.hours ?? []).map((one) => row('capacity_added', { resource, date: one.date, quantity: one.hours })), line };
    case 'GOODS': return { changes: [row('supply_added', { supply: `TRY-${Date.now().toString(36)}`, type: 'purchase_order', item, location, date: on, quantity })], line };
    case 'FROM_CLASS': return { changes: [row('share_shifted', { item, location, demand_class: demandClass, to_class: line.demandClass, quantity, date: on })], line };
    case 'HOUSE': return { changes: [row('capacity_added', { location, date: on, quantity })], line };
    case 'SPLIT': return { changes: [], line: { ...line, split: true } };
    case 'SUBSTITUTE': return { changes: [], line: { ...line, substitutes: true } };
    case 'SHIP_METHOD': return { changes: [], line: { ...line, shipMethod } };
    case 'SHIP_FROM': return { changes: [], line: { ...line, location } };
    default: throw new Error(t('This remedy cannot be tried by itself.'));
  }
}

/** Tries a remedy of a live promise: a scenario in which it is promised again. @param {any} remedy @param {any} line @param {string} promiseId */
export async function tryForPromise(remedy, line, promiseId) {
  const tried = asChanges(remedy, line);
  const scenarioId = await whatIf(t('Remedy for {name}', { name: `${line.order}/${line.line}` }), tried.changes);
  const { ordered_at, ...terms } = tried.line;
  await call('PromiseService/Amend', { requestId: requestId(), promiseId, line: terms, scenarioId });
  go(to('promise', promiseId), { scenario: scenarioId });
}

/** The figures of two worlds side by side. */
export function Kpis({ of, names }) {
  const { before = {}, after = {} } = of;
  /** @type {[string, string, (n: any) => string, number][]} */
  const rows = [[t('Lines'), 'lines', num, 0], [t('On time'), 'onTimeShare', percent, 1], [t('Fill rate'), 'fillRate', percent, 1], [t('Mean days late'), 'daysLateMean', (n) => num(n, 2), -1], [t('95 of 100 at most so late'), 'daysLateP95', num, -1],
    [t('Lines at risk'), 'atRisk', num, -1], [t('Revenue at risk'), 'revenueAtRisk', short, -1], [t('Revenue on time'), 'revenueOnTime', short, 1], [t('Cost'), 'cost', short, -1], [t('Profit'), 'profit', short, 1]];
  return html`<table class="plain kpi"><thead><tr><th>${t('Figure')}</th><th>${names?.[1] ?? t('Before')}</th><th>${names?.[0] ?? t('After')}</th><th>${t('Difference')}</th></tr></thead><tbody>
    ${rows.map(([name, key, show, good]) => { const by = Number(after[key] ?? 0) - Number(before[key] ?? 0); const look = !good || Math.abs(by) < 1e-9 ? '' : by * good > 0 ? 'fine' : 'hurt';
      return html`<tr><td>${name}</td><td>${show(before[key] ?? 0)}</td><td>${show(after[key] ?? 0)}</td><td class=${look}>${Math.abs(by) < 1e-9 ? '–' : `${by > 0 ? '+' : '−'}${show(Math.abs(by))}`}</td></tr>`; })}</tbody></table>`;
}

/** Columns of lines that are better or worse off. @returns {import('./rows.js').Column[]} */
export const differenceColumns = () => [
  { key: 'verdict', title: t('Verdict'), narrow: true, width: 8, get: (row) => row.verdict, show: (row) => html`<${Badge} is=${row.verdict} />` },
  { key: 'order', title: t('Order'), narrow: true, get: (row) => `${row.order}/${row.line}`, show: orderLink },
  { key: 'customer', title: t('Customer'), narrow: true, get: (row) => row.customer },
  { key: 'demandClass', title: t('Class'), hide: true, get: (row) => row.demandClass },
  { key: 'item', title: t('Item'), get: (row) => row.item, show: (row) => link('item', row.item) },
  { key: 'quantity', title: t('Quantity'), kind: 'num', get: (row) => row.quantity },
  { key: 'was', title: t('Was'), kind: 'date', get: (row) => row.before?.date ?? '' },
  { key: 'is', title: t('Becomes'), kind: 'date', get: (row) => row.after?.date ?? '', show: (row) => (row.after?.atRisk ? html`${day(row.after.date)} <${Badge} is="AT_RISK" />` : day(row.after?.date)), width: 20 },
  { key: 'late', title: t('Days late'), kind: 'num', get: (row) => row.after?.daysLate ?? 0 },
  { key: 'value', title: t('Value'), kind: 'num', get: (row) => row.after?.revenue ?? row.before?.revenue ?? 0, show: (row) => num(row.after?.revenue ?? row.before?.revenue ?? 0, 2) },
  { key: 'why', title: t('Why'), narrow: true, get: (row) => said(row.why), width: 44 },
];

/** The effect of a drag, before the hand lets go: at most one question under way, the latest wish next.
 * @param {(key: string, days: number) => {name: string, changes: Change[]}} make */
export function usePreview(make) {
  const [seen, show] = useState(/** @type {any} */ (null));
  const under = useRef(/** @type {{busy: boolean, next: [string, number] | null, id: string}} */ ({ busy: false, next: null, id: '' }));
  const forget = async () => { const id = under.current.id; under.current.id = ''; if (id) await call('ScenarioService/Discard', { scenarioId: id }).catch(() => {}); };
  useEffect(() => () => { forget(); }, []);
  const preview = async (key, days) => {
    const now = under.current;
    if (now.busy) { now.next = [key, days]; return; }
    now.busy = true;
    const began = performance.now();
    try {
      await forget();
      if (!days) { show(null); } else {
        const { name, changes } = make(key, days);
        now.id = await whatIf(name, changes);
        const compared = await call('ScenarioService/Compare', { scenarioId: now.id, withScenarioId: scenario.peek() || undefined, linesMax: 200, groupsMax: 8 });
        show({ key, days, name, id: now.id, compared, took: performance.now() - began });
      }
    } catch (error) { show({ key, days, error }); }
    now.busy = false;
    if (now.next) { const next = now.next; now.next = null; preview(...next); }
  };
  const keep = () => { const id = under.current.id; under.current.id = ''; return id; };
  return { seen, preview, keep, forget: () => { show(null); return forget(); } };
}

/** Who is hurt, in words and by name. */
export function Hurt({ of, onKeep, onForget }) {
  if (!of) return null;
  if (of.error) return html`<section class="panel preview"><div class="state bad" role="alert">${of.error.message}</div></section>`;
  const { losers = 0, winners = 0, lines = [], after = {}, before = {} } = of.compared;
  const risk = Number(after.atRisk ?? 0) - Number(before.atRisk ?? 0);
  return html`<section class="panel preview" aria-live="polite"><header><h2>${of.name}</h2><span class="muted">${t('{n} ms', { n: Math.round(of.took) })}</span><div class="aside">
      <${Do} class="main" run=${async () => onKeep()}>${t('Keep as a scenario')}<//><${Do} run=${async () => onForget()}>${t('Forget it')}<//></div></header>
    <p class="headline">${losers ? html`<b class="hurt">${t('{n} line is hurt|{n} lines are hurt', { n: losers })}</b>` : html`<b class="fine">${t('Nobody is hurt')}</b>`}${winners ? `, ${t('{n} is better off|{n} are better off', { n: winners })}` : ''}${risk ? `, ${t('{n} at risk', { n: num(risk) })}` : ''}.</p>
    ${lines.length > 0 && html`<ul class="why dialog-list">${lines.slice(0, 30).map((one) => html`<li><${Badge} is=${one.verdict} /> ${orderLink(one)} · ${one.customer || ''} · ${num(one.quantity)} ${link('item', one.item)} ${one.why ? `· ${said(one.why)}` : ''}</li>`)}</ul>`}</section>`;
}

export const compareHref = (id) => href('compare', { a: id, b: 'live', scenario: '' });
export { date };
