// Backlog: promise open lines again by other priorities; see who wins and who loses and why; lock, run again, apply, take back.
import { html, useEffect, useMemo, useState } from '../vendor/preact.js';
import { stream, useAnswer } from '../api.js';
import { num } from '../format.js';
import { route, setParams, tick } from '../state.js';
import { t } from '../texts.js';
import { Answer, Problem } from '../ui.js';
import { makeLive, takeBack } from '../whatif.js';
import { Plan, asked } from './plan.js';
import { Moved, Result } from './result.js';
import { Runs } from './runs.js';

/** Runs, and tells how far it is. @param {any} body @param {(done: any) => void} on @param {AbortSignal} signal */
async function run(body, on, signal) {
	let result = /** @type {any} */ (null);
	const hear = (message) => {
		on(message);
		if (message.result) result = message.result;
	};
	await stream('BacklogService/RunStream', body, hear, signal);
	return result;
}

/** How far the run is that this page waits for. */
function Progress({ of }) {
	return html`
		<section class="panel">
			<div class="state loading" role="status">
				<span class="spinner"></span>
				${of.lines ? html`
					<progress class="progress" max=${of.lines} value=${of.linesDone ?? 0} aria-label=${t('Lines done')}></progress>
					<span>${t('{done} of {lines} lines', { done: num(of.linesDone), lines: num(of.lines) })}</span>
				` : t('Promising again …')}
			</div>
		</section>
	`;
}

/** A run by its id: the one that has just ended here, or any other that the server still holds.
 * @param {string} runId @param {any} done @param {any[]} runs */
function useRun(runId, done, runs) {
	const own = done?.runId === runId ? done : null;
	const found = useAnswer('BacklogService/GetRun', runId && !own ? { runId, linesMax: 5000, groupsMax: 20 } : null, { live: false });
	const listed = runs.find((one) => one.runId === runId);
	const shown = useMemo(
		() => own ?? (found.data && { runId, lines: listed?.lines, parts: listed?.parts, compared: found.data }),
		[own, found.data, listed?.lines],
	);
	return { found, shown, position: Number(listed?.appliedAt ?? 0) };
}

export default function Backlog() {
	const { params } = route.value;
	const [done, setDone] = useState(/** @type {any} */ (null));
	const [error, setError] = useState(/** @type {any} */ (null));
	const [progress, setProgress] = useState(/** @type {any} */ (null));
	const [stop, setStop] = useState(/** @type {AbortController | null} */ (null));
	const [locked, lock] = useState(() => new Set((params.lock ?? '').split(' ').filter(Boolean)));
	const listed = useAnswer('BacklogService/ListRuns', {});
	const { found, shown, position } = useRun(params.run ?? '', done, listed.data?.runs ?? []);
	useEffect(() => {
		const text = [...locked].join(' ');
		if (text !== (params.lock ?? '')) setParams({ lock: text });
	}, [locked]);
	const start = async (body) => {
		const control = new AbortController();
		setStop(control);
		setError(null);
		setProgress({});
		setParams({ run: '' });
		try {
			const told = await run(body, setProgress, control.signal);
			setDone(told);
			setParams({ run: told.runId });
		} catch (problem) {
			if (!control.signal.aborted) setError(problem);
		} finally {
			setStop(null);
			setProgress(null);
			tick.value += 1;
		}
	};
	const again = () => start(asked(params, locked));
	// What is made live here is known at once, what others have made live by the list.
	const [made, setMade] = useState({ runId: '', position: 0 });
	const applied = made.runId === params.run ? made.position : position;
	const apply = async () => {
		const told = await makeLive('BacklogService/Apply', { scenarioId: shown.runId });
		if (told) setMade({ runId: shown.runId, position: Number(told.sequence) });
	};
	const revert = async () => {
		if (await takeBack(applied)) setParams({ run: '' });
	};
	return html`
		<div class="head">
			<h1>${t('Backlog')}</h1><span class="sub">${t('Promise open lines again; nothing is live before you apply it.')}</span>
		</div>
		<div class="columns wide-right">
			<${Plan} locked=${locked.size} busy=${!!stop} onStart=${again} onStop=${() => stop?.abort()} onUnlock=${() => lock(new Set())} />
			<div>
				${progress && html`<${Progress} of=${progress} />`}
				${error && html`<section class="panel"><${Problem} error=${error} again=${again} /></section>`}
				${params.run && !shown && html`<${Answer} of=${found} />`}
				${!params.run && !progress && !error && html`
					<section class="panel">
						<div class="state empty">
							<b>${t('Nothing has run')}</b>
							<p>${t('Put who goes first on top, and run. You see who wins and who loses before anything is live.')}</p>
						</div>
					</section>
				`}
				${shown && html`<${Result} of=${shown} applied=${applied} onApply=${apply} onRevert=${revert} />`}
				<${Runs}
					of=${listed} shown=${params.run ?? ''} busy=${!!stop} onStart=${start} onOpen=${(id) => setParams({ run: id }, { push: true })} />
			</div>
		</div>
		${shown && html`<${Moved} of=${shown} locked=${locked} onLock=${lock} />`}
	`;
}
