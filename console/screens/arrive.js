// New data: a snapshot by drag and drop with what became of it, the ones that are kept, and rows of changes.
import { html, useRef, useState } from '../vendor/preact.js';
import { BASE, Refused, call, signed, useAnswer } from '../api.js';
import { Field, Form } from '../form.js';
import { bytes, date, instant, num } from '../format.js';
import { remember, remembered, say, tick } from '../state.js';
import { t } from '../texts.js';
import { Answer, Badge, Do, Facts, Panel } from '../ui.js';

export function Record({ of }) {
	const faults = of.faults ?? [];
	return html`
		<div>
			<${Facts}
				of=${[
					[t('Snapshot'), of.snapshotId],
					[t('Outcome'), html`<${Badge} is=${of.outcome} />`],
					[t('When'), instant(of.at)],
					[t('Errors'), num(of.errors ?? 0)],
					[t('Warnings'), num(of.warnings ?? 0)],
					[t('Absorbed'), num(of.absorbed ?? 0)],
					[t('Carried over'), num(of.carried ?? 0)],
					[t('Dropped'), num(of.dropped ?? 0)],
					[t('At risk'), num(of.atRisk ?? 0)],
					[t('Read in'), t('{n} ms', { n: num(of.loadMillis ?? 0) })],
					[t('Forced'), of.forcedBy && `${of.forcedBy}: ${of.forcedWhy}`],
				]} />
			${of.suspicions?.length > 0 && html`
				<div class="why"><h3>${t('Looks like broken data')}</h3><ul>${of.suspicions.map((one) => html`<li>${one}</li>`)}</ul></div>
			`}
			${faults.length > 0 && html`
				<div class="why">
					<h3>${t('Faults, with their places')}</h3><ul class="dialog-list">${faults.map((one) => html`<li><code>${one}</code></li>`)}</ul>
				</div>
			`}
		</div>
	`;
}

/** Files of a snapshot, sent as one form. @param {FileList | File[]} files @param {string} aim @param {Record<string, string>} more */
async function push(files, aim, more = {}) {
	const form = new FormData();
	for (const file of files) form.append('file', file, file.name);
	const query = new URLSearchParams({ aim, ...more });
	const answer = await fetch(`${BASE}v1/snapshots?${query}`, { method: 'POST', headers: signed(), body: form });
	const told = await answer.json().catch(() => null);
	if (!told?.summary)
		throw new Refused(told ?? { message: t('This server takes no snapshots over the console; `promised push` does.') }, answer.status);
	return told.summary;
}

/** What became of a snapshot; where only suspicion holds it back, somebody can answer for it. */
function Outcome({ of, force }) {
	const [by, setBy] = useState(remembered('name'));
	const [why, setWhy] = useState('');
	if (!of) return null;
	const held = of.outcome === 'QUARANTINED' && !Number(of.errors ?? 0);
	return html`
		<${Record} of=${of} />
		${held && html`
			<${Form} class="form" onSubmit=${() => {}}>
				<${Field} label=${t('Your name')} value=${by} on=${setBy} />
				<${Field} label=${t('Why it is right all the same')} value=${why} on=${setWhy} />
				<div class="buttons">
					<${Do}
						class="danger" disabled=${!by || !why}
						run=${() => {
							remember('name', by);
							return force({ by, why });
						}}>
						${t('Let it serve all the same')}
					<//>
				</div>
			<//>
		`}
	`;
}

export function Upload() {
	const [over, setOver] = useState(false);
	const [files, setFiles] = useState(/** @type {File[]} */ ([]));
	const [told, setTold] = useState(/** @type {any} */ (null));
	const input = useRef(/** @type {HTMLInputElement | null} */ (null));
	const send =
		(aim) =>
		async (more = {}) => {
			setTold(null);
			setTold(await push(files, aim, more));
			tick.value += 1;
		};
	const size = files.reduce((sum, file) => sum + file.size, 0);
	return html`
		<${Panel} title=${t('A new snapshot')}>
			<div
				class=${`drop ${over ? 'over' : ''}`}
				onDragOver=${(event) => {
					event.preventDefault();
					setOver(true);
				}}
				onDragLeave=${() => setOver(false)}
				onDrop=${(event) => {
					event.preventDefault();
					setOver(false);
					setFiles([...(event.dataTransfer?.files ?? [])]);
					setTold(null);
				}}>
				<p>
					${
						files.length
							? t('{n} file, {size}|{n} files, {size}', { n: files.length, size: bytes(size) })
							: t('Drop manifest.json and the tables here (.csv, .parquet)')
					}
				</p>
				<button type="button" class="small" onClick=${() => input.current?.click()}>${t('Choose files')}</button>
				<input
					ref=${input} type="file" multiple hidden aria-label=${t('Files of the snapshot')}
					onChange=${(event) => {
						setFiles([...event.target.files]);
						setTold(null);
					}} />
			</div>
			${files.length > 0 && html`
				<div class="buttons pad">
					<${Do} run=${() => send('validate')()}>${t('Only look for faults')}<//>
					<${Do} class="main" run=${() => send('activate')()}>${t('Let it serve')}<//>
				</div>
			`}
			<${Outcome} of=${told} force=${send('force')} />
		<//>
	`;
}

export function Kept() {
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
	return html`
		<${Panel} title=${t('Snapshots that are kept')}>
			<${Answer} of=${found} none=${!found.data?.snapshots?.length} empty=${t('None: the server keeps no directory.')}>
				<ul class="mend">
					${found.data?.snapshots?.map((one) => html`
						<li>
							<span><b>${one.snapshotId}</b> <small>${date(one.asOf)} · ${instant(one.acceptedAt)}</small></span>
							${one.active ? html`<${Badge} is="ACTIVATED" />` : html`
								<${Do} class="small" run=${() => back(one.snapshotId)()}>${t('Go back to it')}<//>
							`}
						</li>
					`)}
				</ul>
			<//>
			<${Outcome} of=${told} force=${back(told?.snapshotId)} />
		<//>
	`;
}
