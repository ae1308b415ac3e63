// Scenarios: copies of live with changes of their own; made, changed, compared, applied or forgotten.
import { html, useMemo, useState } from '../vendor/preact.js';
import { call, useAnswer } from '../api.js';
import { Choice, Field, Form } from '../form.js';
import { bytes, instant, num } from '../format.js';
import { said } from '../said.js';
import { go, href, hue, route, say, scenario, setParams, tick } from '../state.js';
import { Table } from '../table.js';
import { cap, t } from '../texts.js';
import { Answer, Dialog, Do, Panel, Problem } from '../ui.js';
import { makeLive, takeBack } from '../whatif.js';
import { ChangeForm, cellsOf, words } from './change.js';

function Current({ id, of }) {
	const told = useAnswer(/** @type {any} */ ('ScenarioService/Get'), { scenarioId: id });
	const is = told.data ?? of;
	const rows = told.data?.changesMade ?? [];
	const others = (useAnswer('ScenarioService/List', {}).data?.scenarios ?? []).filter((one) => one.scenarioId !== id && one.changes);
	const add = async (changes) => {
		await call('ScenarioService/Change', { scenarioId: id, changes });
		say(t('Changed in the scenario.'));
		tick.value += 1;
	};
	const merge = async (other) => add((await call('ScenarioService/Get', { scenarioId: other })).changesMade ?? []);
	/** The same scenario without one of its changes: made anew, for what was done in it cannot be undone. */
	const without = async (n) => {
		const made = await call('ScenarioService/Create', { name: is?.name });
		await call('ScenarioService/Change', { scenarioId: made.scenarioId, changes: rows.filter((_, at) => at !== n) });
		await call('ScenarioService/Discard', { scenarioId: id });
		setParams({ scenario: made.scenarioId });
		tick.value += 1;
	};
	const final = Number(is?.appliedAtSequence ?? 0) > 0;
	return html`
		<${Panel}
			title=${html`<span class="dot" data-hue=${hue(id)}></span> ${is?.name || id}`}
			aside=${html`
				<a class="button" href=${href('vary', { scenario: id })}>${t('Vary a value')}</a>
				<a class="button" href=${href('compare', { a: id, b: 'live' })}>${t('Compare with live')}</a>
				${!final && html`<${Apply} of=${is ?? { scenarioId: id }} />`}
			`}>
			${is?.leftOut?.length > 0 && html`
				<p class="banner" role="note">${t('After a restart these did not fit any more: {list}', { list: is.leftOut.join('; ') })}</p>
			`}
			${rows.length > 0 && html`
				<ul class="mend" aria-label=${t('What was changed')}>
					${rows.map((one, n) => html`
						<li>
							<span>
								<b>${cap(words(one.change))}</b> ${cellsOf(one)
									.map(([name, value]) => `${words(name)} ${said(value)}`)
									.join(', ')}
							</span>
							${!final && html`<${Do} class="small" run=${() => without(n)}>${t('Take away')}<//>`}
						</li>
					`)}
				</ul>
			`}
			${final ? html`<p class="pad muted">${t('It is applied, and cannot be changed any more.')}</p>` : html`
				<${ChangeForm} label=${t('Change it in this scenario')} make=${(change) => add([change])} />
				${others.length > 0 && html`
					<div class="buttons pad">
						<select
							aria-label=${t('Take over the changes of')} value=""
							onChange=${(event) => {
								const other = event.target.value;
								event.target.value = '';
								if (other) merge(other).catch((error) => say(error.message, 'bad'));
							}}>
							<option value="">${t('Take over the changes of')} …</option>
							${others.map((one) => html`<option value=${one.scenarioId}>${one.name || one.scenarioId}</option>`)}
						</select>
					</div>
				`}
			`}
		<//>
	`;
}

function Apply({ of }) {
	const act = async () => {
		if (!confirm(t('Make this scenario live? It becomes one entry, and can be taken back.'))) return;
		if (await makeLive('ScenarioService/Apply', { scenarioId: of.scenarioId, etag: of.etag || undefined }))
			setParams({ scenario: '' }, { push: true });
	};
	return html`<${Do} run=${act}>${t('Apply to live')}<//>`;
}

function Create({ onClose }) {
	const [name, setName] = useState('');
	const [from, setFrom] = useState('');
	const [at, setAt] = useState('');
	const [error, setError] = useState(/** @type {any} */ (null));
	const all = useAnswer('ScenarioService/List', {});
	const make = async () => {
		try {
			const made = await call('ScenarioService/Create', {
				name: name || t('Scenario'),
				fromScenarioId: from || undefined,
				atSequence: at && !from ? at : undefined,
			});
			onClose();
			go('scenarios', { scenario: made.scenarioId });
		} catch (problem) {
			setError(problem);
		}
	};
	return html`
		<${Dialog} title=${t('New scenario')} onClose=${onClose}>
			<${Form} class="form two" onSubmit=${make}>
				<${Field} class="full" label=${t('Name')} value=${name} on=${setName} />
				<${Choice}
					label=${t('Taken from')} value=${from} on=${setFrom}
					of=${[['', t('Live')], ...(all.data?.scenarios ?? []).map((one) => [one.scenarioId, one.name || one.scenarioId])]} />
				<${Field} label=${t('Live as it was at position')} mode="numeric" value=${at} placeholder=${t('now')} on=${setAt} />
				${error && html`<p class="hurt full" role="alert">${error.message}</p>`}
				<div class="buttons"><button type="submit" class="main">${t('Make it')}</button></div>
			<//>
		<//>
	`;
}

export default function Scenarios() {
	const { params } = route.value;
	const found = useAnswer('ScenarioService/List', {});
	const rows = useMemo(() => found.data?.scenarios ?? [], [found.data]);
	const [picked, pick] = useState(new Set());
	const current = rows.find((one) => one.scenarioId === scenario.value);
	const forget = async () => {
		for (const id of picked) await call('ScenarioService/Discard', { scenarioId: id });
		if (picked.has(scenario.peek())) setParams({ scenario: '' });
		pick(new Set());
		tick.value += 1;
	};
	const [a, b] = [...picked];
	return html`
		<div class="head">
			<h1>${t('Scenarios')}</h1>
			<span class="sub">
				${found.data ? t('{a} of {b} of memory', { a: bytes(found.data.bytes), b: bytes(found.data.bytesAtMost) }) : ''}
			</span>
			<span class="actions">
				<a class="button" href=${href('vary')}>${t('Vary a value')}</a>
				<button type="button" class="main" onClick=${() => setParams({ new: '1' })}>${t('New scenario')}</button>
			</span>
		</div>
		${params.new && html`<${Create} onClose=${() => setParams({ new: '' })} />`}
		${scenario.value && html`<${Current} key=${scenario.value} id=${scenario.value} of=${current} />`}
		<section class="panel">
			${found.error ? html`<${Problem} error=${found.error} again=${found.again} />` : html`
				<${Answer} of=${found}>
					<${Table}
						id="s" label=${t('scenarios')} rows=${rows} keyOf=${(one) => one.scenarioId} pick=${picked} onPick=${pick}
						open=${(one) => setParams({ scenario: one.scenarioId }, { push: true })}
						empty=${html`
							<b>${t('No scenario')}</b>
							<p>
								${t(
									'A scenario is a copy of live at one instant, made in a microsecond. Change it, ask it, compare it; live never notices.',
								)}
							</p>
						`}
						tools=${html`
							${picked.size === 2 && html`
								<button type="button" class="small" onClick=${() => go('compare', { a, b, scenario: '' })}>${t('Compare the two')}</button>
							`}
							${picked.size === 1 && html`
								<button type="button" class="small" onClick=${() => go('compare', { a, b: 'live', scenario: '' })}>
									${t('Compare with live')}
								</button>
							`}
							${picked.size > 0 && html`&nbsp;<${Do} class="small danger" run=${forget}>${t('Forget')}<//>`}
						`}
						columns=${[
							{
								key: 'name',
								title: t('Name'),
								narrow: true,
								get: (one) => one.name || one.scenarioId,
								show: (one) => html`
									<span class="dot" data-hue=${hue(one.scenarioId)}></span> <a href=${href('scenarios', { scenario: one.scenarioId })}>
										${one.name || one.scenarioId}
									</a>
								`,
								width: 24,
							},
							{ key: 'changes', title: t('Changes'), kind: 'num', narrow: true, get: (one) => one.changes ?? 0 },
							{ key: 'promises', title: t('Promises changed'), kind: 'num', get: (one) => one.promisesChanged ?? 0 },
							{
								key: 'risk',
								title: t('At risk'),
								kind: 'num',
								narrow: true,
								get: (one) => Number(one.atRisk ?? 0),
								show: (one) => html`<span class=${Number(one.atRisk ?? 0) ? 'hurt' : ''}>${num(one.atRisk)}</span>`,
							},
							{ key: 'owner', title: t('Owner') },
							{
								key: 'created',
								title: t('Taken'),
								kind: 'date',
								show: (one) => instant(one.created),
								width: 18,
							},
							{ key: 'bytes', title: t('Memory'), kind: 'num', get: (one) => Number(one.bytes ?? 0), show: (one) => bytes(one.bytes) },
							{
								key: 'state',
								title: t('State'),
								get: (one) => (Number(one.appliedAtSequence ?? 0) ? 1 : 0),
								width: 20,
								show: (one) =>
									Number(one.appliedAtSequence ?? 0) ? html`
										${t('applied at {n}', { n: num(one.appliedAtSequence) })} <${Do}
											class="quiet" run=${() => takeBack(one.appliedAtSequence)}>
											${t('take back')}
										<//>
									` : t('open'),
							},
						]} />
				<//>
			`}
		</section>
	`;
}
