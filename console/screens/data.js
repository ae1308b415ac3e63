// Data: what serves and how old it is; a new snapshot by drag and drop; what a refresh did; changes; the way back.
import { html, useMemo, useState } from '../vendor/preact.js';
import { call, requestId, useAnswer } from '../api.js';
import { bytes, date, instant, num, span } from '../format.js';
import { pasted } from '../rows.js';
import { say, status, tick } from '../state.js';
import { Table } from '../table.js';
import { t } from '../texts.js';
import { Do, Panel, Tile, link } from '../ui.js';
import { Kept, Record, Upload } from './arrive.js';
import { ChangeForm } from './change.js';

/** Rows of changes.csv, pasted: looked at first, then made. */
function Pasted() {
	const [text, setText] = useState('');
	const [told, setTold] = useState(/** @type {any} */ (null));
	const [error, setError] = useState(/** @type {any} */ (null));
	const rows = pasted(text);
	const changes = rows.slice(1).map((cells) => {
		const all = Object.fromEntries(rows[0].map((name, n) => [name.trim(), cells[n] ?? '']));
		const { change, ...rest } = all;
		return { change, cells: Object.fromEntries(Object.entries(rest).filter(([, value]) => value)) };
	});
	const send = (validateOnly) => async () => {
		try {
			setTold(
				await call('SnapshotService/ApplyChanges', {
					requestId: validateOnly ? undefined : requestId(),
					changes,
					validateOnly: validateOnly || undefined,
				}),
			);
			setError(null);
			if (!validateOnly) {
				setText('');
				say(t('Changed.'));
				tick.value += 1;
			}
		} catch (problem) {
			setError(problem);
			setTold(null);
		}
	};
	return html`
		<${Panel} title=${t('Changes without a new snapshot')}>
			<div class="pad">
				<label for="changes" class="sr">${t('Rows of changes')}</label>
				<textarea
					id="changes" rows="5" placeholder=${'change,supply,days\nsupply_moved,PO-4001-8791,14'} value=${text}
					onInput=${(event) => {
						setText(event.target.value);
						setTold(null);
					}}></textarea>
				<div class="buttons">
					<${Do} disabled=${!changes.length} run=${send(true)}>${t('Look first')}<//>
					<${Do} class="main" disabled=${!changes.length} run=${send(false)}>
						${t('Make {n} change|Make {n} changes', { n: changes.length })}
					<//>
				</div>
				${error && html`<p class="hurt" role="alert">${error.message}</p>`}
				${told && html`
					<p aria-live="polite">
						${told.atRisk?.length ? html`
							<b class="hurt">${t('{n} promise is at risk by it|{n} promises are at risk by it', { n: told.atRisk.length })}</b>
							<span>: ${told.atRisk.slice(0, 12).map((id) => html`${link('promise', id)} `)}</span>
						` : html`<b class="fine">${t('Nobody is hurt')}</b>`}
						${told.noLongerAtRisk?.length ? ` · ${t('{n} safe again', { n: told.noLongerAtRisk.length })}` : ''}
					</p>
				`}
			</div>
			<details>
				<summary class="pad"><b>${t('Type one change')}</b></summary>
				<${ChangeForm}
					label=${t('Make the change')}
					make=${async (change) => {
						setTold(await call('SnapshotService/ApplyChanges', { requestId: requestId(), changes: [change] }));
						say(t('Changed.'));
						tick.value += 1;
					}} />
			</details>
		<//>
	`;
}

export default function Data() {
	const is = status.value;
	const last = useAnswer('SnapshotService/GetReconciliation', is && Number(is.lastRecord ?? 0) ? {} : null);
	const tables = useMemo(() => is?.tables ?? [], [is]);
	const accounts = useMemo(() => last.data?.accounts ?? [], [last.data]);
	const build = is?.build;
	return html`
		<div class="head"><h1>${t('Data')}</h1><span class="sub">${is?.version?.snapshotId ?? ''}</span></div>
		${build && html`
			<div class="banner" role="status">
				<span class="spinner"></span>${t('A refresh is under way: {stage}', { stage: build.stage ?? '' })} <progress
					class="progress" max="1" value=${build.progress ?? 0} aria-label=${t('Progress')}></progress>
			</div>
		`}
		<div class="tiles">
			<${Tile}
				label=${t('Serving for')} value=${is ? span(Number(is.ageSeconds ?? 0)) : '–'}
				note=${is ? t('generation {n}', { n: num(is.generation) }) : ''} />
			<${Tile} label=${t('As of')} value=${date(is?.version?.asOf)} />
			<${Tile}
				label=${t('Live promises')} value=${num(is?.promisesLive ?? 0)} note=${t('{n} at risk', { n: num(is?.promisesAtRisk ?? 0) })} />
			<${Tile} label=${t('Changes since')} value=${num(is?.changes ?? 0)} />
			<${Tile} label=${t('Memory')} value=${bytes(is?.bytesResident)} note=${t('data {n}', { n: bytes(is?.bytesLive) })} />
		</div>
		<div class="columns">
			<div><${Upload} /><${Pasted} /></div>
			<div>
				<${Panel} title=${t('Sources')}>
					<ul class="mend">
						${(is?.sources ?? []).map((one) => html`
							<li>
								<span><b>${one.source}</b></span><span>${instant(one.watermark)}</span>
								<span class="muted">${span(Number(one.ageSeconds ?? 0))}</span>
							</li>
						`)}
						${!is?.sources?.length && html`<li class="muted">${t('The manifest names none.')}</li>`}
					</ul>
				<//>
				<${Kept} />
				${last.data?.summary && html`
					<${Panel} title=${t('The last refresh')}>
						<${Record} of=${last.data.summary} />
						${[
							['absorbed', t('Absorbed')],
							['dropped', t('Dropped')],
							['atRisk', t('At risk')],
						].map(([key, name]) => {
							const ids = /** @type {any} */ (last.data)?.[key] ?? [];
							return (
								ids.length > 0 && html`
									<p class="pad">
										<b>${name}</b> ${ids.slice(0, 20).map((id) => html`${link('promise', id)} `)}
										${ids.length > 20 ? `… ${num(ids.length)}` : ''}
									</p>
								`
							);
						})}
					<//>
				`}
			</div>
		</div>
		${accounts.length > 0 && html`
			<section class="panel">
				<${Table}
					id="a" label=${t('accounts whose balance changed')} rows=${accounts}
					columns=${[
						{ key: 'account', title: t('Account'), narrow: true },
						...['old', 'new', 'supply', 'demand', 'absorbed', 'dropped', 'carried'].map((key) => ({
							key,
							title: t(key),
							kind: /** @type {const} */ ('num'),
							narrow: key === 'old' || key === 'new',
							get: (one) => one[key] ?? 0,
						})),
					]} />
			</section>
		`}
		<section class="panel">
			<${Table}
				id="t" label=${t('tables')} rows=${tables}
				columns=${[
					{ key: 'table', title: t('Table'), narrow: true },
					{ key: 'rows', title: t('Rows'), kind: 'num', narrow: true, get: (one) => Number(one.rows ?? 0) },
					{ key: 'asOf', title: t('As of'), kind: 'date', narrow: true },
				]} />
		</section>
	`;
}
