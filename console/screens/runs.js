// Backlog runs: those under way with how far they are, those that have ended, and those that the configuration names.
import { html, useEffect } from '../vendor/preact.js';
import { call } from '../api.js';
import { instant, num, percent, short, signed } from '../format.js';
import { said } from '../said.js';
import { tick } from '../state.js';
import { Table } from '../table.js';
import { t } from '../texts.js';
import { Answer, Badge, Do, Panel, word } from '../ui.js';

/** How often runs under way are asked for. */
const EVERY_MS = 700;
const difference = (run, key) => Number(run.after?.[key] ?? 0) - Number(run.before?.[key] ?? 0);

/** How far a run is, or how many lines it had. @param {any} run */
function Far({ run }) {
	if (run.state !== 'RUNNING') return num(run.lines);
	const name = t('{done} of {lines} lines', { done: num(run.done), lines: num(run.lines) });
	return html`<progress class="progress" max=${run.lines || 1} value=${run.done ?? 0} aria-label=${name} title=${name}></progress>`;
}

/** What can be done with a run. */
function Acts({ run, shown, onOpen }) {
	const stop = async () => {
		await call('BacklogService/CancelRun', { runId: run.runId });
		tick.value += 1;
	};
	if (run.state === 'RUNNING') return html`<${Do} class="small danger" run=${stop}>${t('Stop')}<//>`;
	if (run.runId === shown) return html`<span class="muted">${t('shown above')}</span>`;
	const holds = run.state === 'DONE' || run.state === 'APPLIED';
	return holds && html`<button type="button" class="small" onClick=${() => onOpen(run.runId)}>${t('Look at it')}</button>`;
}

/** @returns {import('../rows.js').Column[]} */
const columns = (shown, onOpen) => [
	{
		key: 'started',
		title: t('Began'),
		kind: 'date',
		width: 18,
		narrow: true,
		show: (run) => instant(run.started),
	},
	{
		key: 'state',
		title: t('State'),
		width: 14,
		narrow: true,
		get: (run) => word(run.state),
		show: (run) => html`<span title=${said(run.why)}><${Badge} is=${run.state} /></span>`,
	},
	{ key: 'lines', title: t('Lines'), kind: 'num', width: 10, get: (run) => run.lines ?? 0, show: (run) => html`<${Far} run=${run} />` },
	{
		key: 'onTime',
		title: t('On time'),
		kind: 'num',
		width: 18,
		get: (run) => Number(run.after?.onTimeShare ?? 0),
		show: (run) => run.after && `${percent(run.before?.onTimeShare)} → ${percent(run.after.onTimeShare)}`,
	},
	{
		key: 'profit',
		title: t('Profit'),
		kind: 'num',
		get: (run) => difference(run, 'profit'),
		show: (run) => run.after && (difference(run, 'profit') ? signed(difference(run, 'profit'), 0) : short(0)),
	},
	{ key: 'who', title: t('By'), get: (run) => run.saved || run.by },
	{ key: 'why', title: t('Why'), hide: true, get: (run) => said(run.why) },
	{
		key: 'acts',
		title: t('Do'),
		width: 14,
		narrow: true,
		get: () => '',
		show: (run) => html`<${Acts} run=${run} shown=${shown} onOpen=${onOpen} />`,
	},
];

/** @param {{of: any, shown: string, busy: boolean, onOpen: (runId: string) => void, onStart: (body: any) => void}} props */
export function Runs({ of: found, shown, busy, onOpen, onStart }) {
	const runs = found.data?.runs ?? [];
	const saved = found.data?.saved ?? [];
	const running = busy || runs.some((run) => run.state === 'RUNNING');
	useEffect(() => {
		if (!running) return undefined;
		const timer = setInterval(found.again, EVERY_MS);
		return () => clearInterval(timer);
	}, [running]);
	return html`
		<${Panel} title=${t('Runs')}>
			${saved.length > 0 && html`
				<ul class="mend" aria-label=${t('Runs of the configuration')}>
					${saved.map((one) => html`
						<li>
							<span>
								<b>${one.name}</b> <small>${one.at ? t('each day at {at} UTC', { at: one.at }) : t('when it is asked for')}</small>
							</span>
							<small>${one.next ? t('next {at}', { at: instant(one.next) }) : ''}</small>
							<button type="button" class="small" disabled=${busy} onClick=${() => onStart({ saved: one.name })}>${t('Run')}</button>
						</li>
					`)}
				</ul>
			`}
			${found.error ? html`<${Answer} of=${found} />` : html`
				<${Table}
					id="q" label=${t('runs')} columns=${columns(shown, onOpen)} rows=${runs} keyOf=${(run) => run.runId}
					empty=${html`<b>${t('Nobody has run the backlog yet')}</b><p>${t('Runs of everybody stand here, also those under way.')}</p>`} />
			`}
		<//>
	`;
}
