// Data: what serves and how old it is; a new snapshot by drag and drop; what a refresh did; changes; the way back.
import { html, useMemo, useRef, useState } from '../vendor/preact.js';
import { BASE, Refused, call, requestId, signed, useAnswer } from '../api.js';
import { Field, Form } from '../form.js';
import { bytes, date, instant, num, span } from '../format.js';
import { pasted } from '../rows.js';
import { remember, remembered, say, status, tick } from '../state.js';
import { Table } from '../table.js';
import { t } from '../texts.js';
import { Answer, Badge, Do, Facts, Panel, Tile, link } from '../ui.js';
import { ChangeForm } from './scenarios.js';

function Record({ of }) {
  const faults = of.faults ?? [];
  return html`<div><${Facts} of=${[[t('Snapshot'), of.snapshotId], [t('Outcome'), html`<${Badge} is=${of.outcome} />`], [t('When'), instant(of.at)], [t('Errors'), num(of.errors ?? 0)], [t('Warnings'), num(of.warnings ?? 0)], [t('Absorbed'), num(of.absorbed ?? 0)], [t('Carried over'), num(of.carried ?? 0)], [t('Dropped'), num(of.dropped ?? 0)], [t('At risk'), num(of.atRisk ?? 0)], [t('Read in'), t('{n} ms', { n: num(of.loadMillis ?? 0) })], [t('Forced'), of.forcedBy && `${of.forcedBy}: ${of.forcedWhy}`]]} />
    ${of.suspicions?.length > 0 && html`<div class="why"><h3>${t('Looks like broken data')}</h3><ul>${of.suspicions.map((one) => html`<li>${one}</li>`)}</ul></div>`}
    ${faults.length > 0 && html`<div class="why"><h3>${t('Faults, with their places')}</h3><ul class="dialog-list">${faults.map((one) => html`<li><code>${one}</code></li>`)}</ul></div>`}</div>`;
}

/** Files of a snapshot, sent as one form. @param {FileList | File[]} files @param {string} aim @param {Record<string, string>} more */
async function push(files, aim, more = {}) {
  const form = new FormData();
  for (const file of files) form.append('file', file, file.name);
  const query = new URLSearchParams({ aim, ...more });
  const answer = await fetch(`${BASE}v1/snapshots?${query}`, { method: 'POST', headers: signed(), body: form });
  const told = await answer.json().catch(() => null);
  if (!told?.summary) throw new Refused(told ?? { message: t('This server takes no snapshots over the console; `promised push` does.') }, answer.status);
  return told.summary;
}

/** What became of a snapshot; where only suspicion holds it back, somebody can answer for it. */
function Outcome({ of, force }) {
  const [by, setBy] = useState(remembered('name'));
  const [why, setWhy] = useState('');
  if (!of) return null;
  const held = of.outcome === 'QUARANTINED' && !Number(of.errors ?? 0);
  return html`<${Record} of=${of} />${held && html`<${Form} class="form" onSubmit=${() => {}}><${Field} label=${t('Your name')} value=${by} on=${setBy} /><${Field} label=${t('Why it is right all the same')} value=${why} on=${setWhy} />
    <div class="buttons"><${Do} class="danger" disabled=${!by || !why} run=${() => { remember('name', by); return force({ by, why }); }}>${t('Let it serve all the same')}<//></div><//>`}`;
}

function Upload() {
  const [over, setOver] = useState(false);
  const [files, setFiles] = useState(/** @type {File[]} */ ([]));
  const [told, setTold] = useState(/** @type {any} */ (null));
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const send = (aim) => async (more = {}) => { setTold(null); setTold(await push(files, aim, more)); tick.value += 1; };
  const size = files.reduce((sum, file) => sum + file.size, 0);
  return html`<${Panel} title=${t('A new snapshot')}><div class=${`drop ${over ? 'over' : ''}`} onDragOver=${(event) => { event.preventDefault(); setOver(true); }} onDragLeave=${() => setOver(false)} onDrop=${(event) => { event.preventDefault(); setOver(false); setFiles([...(event.dataTransfer?.files ?? [])]); setTold(null); }}>
      <p>${files.length ? t('{n} file, {size}|{n} files, {size}', { n: files.length, size: bytes(size) }) : t('Drop manifest.json and the tables here (.csv, .parquet)')}</p><button type="button" class="small" onClick=${() => input.current?.click()}>${t('Choose files')}</button>
      <input ref=${input} type="file" multiple hidden aria-label=${t('Files of the snapshot')} onChange=${(event) => { setFiles([...event.target.files]); setTold(null); }} /></div>
    ${files.length > 0 && html`<div class="buttons pad"><${Do} run=${() => send('validate')()}>${t('Only look for faults')}<//><${Do} class="main" run=${() => send('activate')()}>${t('Let it serve')}<//></div>`}
    <${Outcome} of=${told} force=${send('force')} /><//>`;
}

function Kept() {
  const found = useAnswer('SnapshotService/List', {});
  const [told, setTold] = useState(/** @type {any} */ (null));
  const back = (snapshotId) => async (force) => {
    if (!force && !confirm(t('Let {name} serve again?', { name: snapshotId }))) return;
    const { summary } = await call('SnapshotService/Activate', { snapshotId, force });
    const serves = summary?.outcome === 'ACTIVATED';
    setTold(serves ? null : { ...summary, snapshotId });
    say(serves ? t('It serves.') : t('It is held back.'), serves ? 'good' : 'bad');
    tick.value += 1;
  };
  return html`<${Panel} title=${t('Snapshots that are kept')}><${Answer} of=${found} none=${!found.data?.snapshots?.length} empty=${t('None: the server keeps no directory.')}><ul class="mend">${found.data?.snapshots?.map((one) => html`<li><span><b>${one.snapshotId}</b> <small>${date(one.asOf)} · ${instant(one.acceptedAt)}</small></span>${one.active ? html`<${Badge} is="ACTIVATED" />` : html`<${Do} class="small" run=${() => back(one.snapshotId)()}>${t('Go back to it')}<//>`}</li>`)}</ul><//><${Outcome} of=${told} force=${back(told?.snapshotId)} /><//>`;
}

/** Rows of changes.csv, pasted: looked at first, then made. */
function Pasted() {
  const [text, setText] = useState('');
  const [told, setTold] = useState(/** @type {any} */ (null));
  const [error, setError] = useState(/** @type {any} */ (null));
  const rows = pasted(text);
  const changes = rows.slice(1).map((cells) => { const all = Object.fromEntries(rows[0].map((name, n) => [name.trim(), cells[n] ?? ''])); const { change, ...rest } = all; return { change, cells: Object.fromEntries(Object.entries(rest).filter(([, value]) => value)) }; });
  const send = (validateOnly) => async () => { try { setTold(await call('SnapshotService/ApplyChanges', { requestId: validateOnly ? undefined : requestId(), changes, validateOnly: validateOnly || undefined })); setError(null); if (!validateOnly) { setText(''); say(t('Changed.')); tick.value += 1; } } catch (problem) { setError(problem); setTold(null); } };
  return html`<${Panel} title=${t('Changes without a new snapshot')}><div class="pad"><label for="changes" class="sr">${t('Rows of changes')}</label><textarea id="changes" rows="5" placeholder=${'change,supply,days\nsupply_moved,PO-4001-8791,14'} value=${text} onInput=${(event) => { setText(event.target.value); setTold(null); }}></textarea>
    <div class="buttons"><${Do} disabled=${!changes.length} run=${send(true)}>${t('Look first')}<//><${Do} class="main" disabled=${!changes.length} run=${send(false)}>${t('Make {n} change|Make {n} changes', { n: changes.length })}<//></div>
    ${error && html`<p class="hurt" role="alert">${error.message}</p>`}${told && html`<p aria-live="polite">${told.atRisk?.length ? html`<b class="hurt">${t('{n} promise is at risk by it|{n} promises are at risk by it', { n: told.atRisk.length })}</b>: ${told.atRisk.slice(0, 12).map((id) => html`${link('promise', id)} `)}` : html`<b class="fine">${t('Nobody is hurt')}</b>`}${told.noLongerAtRisk?.length ? ` · ${t('{n} safe again', { n: told.noLongerAtRisk.length })}` : ''}</p>`}</div>
    <details><summary class="pad"><b>${t('Type one change')}</b></summary><${ChangeForm} label=${t('Make the change')} make=${async (change) => { setTold(await call('SnapshotService/ApplyChanges', { requestId: requestId(), changes: [change] })); say(t('Changed.')); tick.value += 1; }} /></details><//>`;
}

export default function Data() {
  const is = status.value;
  const last = useAnswer('SnapshotService/GetReconciliation', is && Number(is.lastRecord ?? 0) ? {} : null);
  const tables = useMemo(() => is?.tables ?? [], [is]);
  const accounts = useMemo(() => last.data?.accounts ?? [], [last.data]);
  const build = is?.build;
  return html`<div class="head"><h1>${t('Data')}</h1><span class="sub">${is?.version?.snapshotId ?? ''}</span></div>
    ${build && html`<div class="banner" role="status"><span class="spinner"></span>${t('A refresh is under way: {stage}', { stage: build.stage ?? '' })} <progress class="progress" max="1" value=${build.progress ?? 0} aria-label=${t('Progress')}></progress></div>`}
    <div class="tiles"><${Tile} label=${t('Serving for')} value=${is ? span(Number(is.ageSeconds ?? 0)) : '–'} note=${is ? t('generation {n}', { n: num(is.generation) }) : ''} /><${Tile} label=${t('As of')} value=${date(is?.version?.asOf)} /><${Tile} label=${t('Live promises')} value=${num(is?.promisesLive ?? 0)} note=${t('{n} at risk', { n: num(is?.promisesAtRisk ?? 0) })} /><${Tile} label=${t('Changes since')} value=${num(is?.changes ?? 0)} /><${Tile} label=${t('Memory')} value=${bytes(is?.bytesResident)} note=${t('data {n}', { n: bytes(is?.bytesLive) })} /></div>
    <div class="columns"><div><${Upload} /><${Pasted} /></div><div><${Panel} title=${t('Sources')}><ul class="mend">${(is?.sources ?? []).map((one) => html`<li><span><b>${one.source}</b></span><span>${instant(one.watermark)}</span><span class="muted">${span(Number(one.ageSeconds ?? 0))}</span></li>`)}${!is?.sources?.length && html`<li class="muted">${t('The manifest names none.')}</li>`}</ul><//><${Kept} />
      ${last.data?.summary && html`<${Panel} title=${t('The last refresh')}><${Record} of=${last.data.summary} />${[['absorbed', t('Absorbed')], ['dropped', t('Dropped')], ['atRisk', t('At risk')]].map(([key, name]) => { const ids = /** @type {any} */ (last.data)?.[key] ?? []; return ids.length > 0 && html`<p class="pad"><b>${name}</b> ${ids.slice(0, 20).map((id) => html`${link('promise', id)} `)}${ids.length > 20 ? `… ${num(ids.length)}` : ''}</p>`; })}<//>`}</div></div>
    ${accounts.length > 0 && html`<section class="panel"><${Table} id="a" label=${t('accounts whose balance changed')} rows=${accounts} columns=${[{ key: 'account', title: t('Account'), narrow: true, get: (one) => one.account }, ...['old', 'new', 'supply', 'demand', 'absorbed', 'dropped', 'carried'].map((key) => ({ key, title: t(key), kind: /** @type {const} */ ('num'), narrow: key === 'old' || key === 'new', get: (one) => one[key] ?? 0 }))]} /></section>`}
    <section class="panel"><${Table} id="t" label=${t('tables')} rows=${tables} columns=${[{ key: 'table', title: t('Table'), narrow: true, get: (one) => one.table }, { key: 'rows', title: t('Rows'), kind: 'num', narrow: true, get: (one) => Number(one.rows ?? 0) }, { key: 'asOf', title: t('As of'), kind: 'date', narrow: true, get: (one) => one.asOf }]} /></section>`;
}
