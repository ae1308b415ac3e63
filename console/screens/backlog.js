// Backlog: promise open lines again by other priorities; see who wins and who loses and why; lock, run again, apply, take back.
import { html, useEffect, useMemo, useState } from '../vendor/preact.js';
import { call, stream } from '../api.js';
import { Choice, Field, Form } from '../form.js';
import { num, short } from '../format.js';
import { Kpis, differenceColumns } from '../hit.js';
import { go, href, inScenario, route, scenario, setParams, to } from '../state.js';
import { Table } from '../table.js';
import { t } from '../texts.js';
import { Do, Panel, Problem, Tile } from '../ui.js';
import { makeLive, takeBack } from '../whatif.js';
import { Sequence } from './sequence.js';
/** @returns {[string, string][]} */
const strategies = () => [
	['redistribute', t('redistribute: may gain or lose')],
	['win', t('win: on time, others give way')],
	['gain', t('gain: keeps at least what it has')],
	['fill', t('fill: may lose, never gains')],
	['lose', t('lose: gives everything up')],
];

/** A line as a condition: `ORDER/LINE`. @param {string} key */
const standing = (key) => {
	const cut = key.lastIndexOf('/');
	return `order=${key.slice(0, cut)} line=${key.slice(cut + 1)}`;
};

/** Runs, and tells how far it is. @param {any} body @param {(done: any) => void} on @param {AbortSignal} signal */
async function run(body, on, signal) {
	let result = null;
	await stream(
		'BacklogService/RunStream',
		body,
		(message) => {
			on(message);
			if (message.result) result = message.result;
		},
		signal,
	);
	return result;
}

export default function Backlog() {
	const { params } = route.value;
	const set = (name) => (value) => setParams({ [name]: value });
	const [done, setDone] = useState(/** @type {any} */ (null));
	const [error, setError] = useState(/** @type {any} */ (null));
	const [progress, setProgress] = useState(/** @type {any} */ (null));
	const [stop, setStop] = useState(/** @type {AbortController | null} */ (null));
	const [locked, lock] = useState(() => new Set((params.lock ?? '').split(' ').filter(Boolean)));
	const [applied, setApplied] = useState(/** @type {any} */ (null));
	const sequence = params.sequence ?? 'priority,requested_date';
	const segments = (params.win ? [{ strategy: 'win', filter: params.win }] : []).concat(
		params.fill ? [{ strategy: 'fill', filter: params.fill }] : [],
	);
	const body = {
		...inScenario({
			filter: params.filter || undefined,
			sequence,
			otherwise: params.otherwise || undefined,
			segments,
			first: (params.first ?? '').split(/[\s,]+/).filter(Boolean),
			lock: [...locked].map(standing),
			mostValueSeconds: params.search ? 10 : undefined,
			linesMax: 5000,
			groupsMax: 20,
		}),
	};
	useEffect(() => {
		const text = [...locked].join(' ');
		if (text !== (params.lock ?? '')) setParams({ lock: text });
	}, [locked]);
	const start = async () => {
		const control = new AbortController();
		setStop(control);
		setError(null);
		setApplied(null);
		setProgress({});
		if (done?.runId && !applied && done.runId !== scenario.peek())
			call('ScenarioService/Discard', { scenarioId: done.runId }).catch(() => {});
		try {
			setDone(await run(body, setProgress, control.signal));
		} catch (problem) {
			if (!control.signal.aborted) setError(problem);
		} finally {
			setStop(null);
			setProgress(null);
		}
	};
	const apply = async () => {
		const told = await makeLive('BacklogService/Apply', { scenarioId: done.runId });
		if (told) setApplied(told);
	};
	const revert = async () => {
		if (await takeBack(applied.sequence)) {
			setApplied(null);
			setDone(null);
		}
	};
	const lines = useMemo(() => done?.compared?.lines ?? [], [done]);
	const losers = lines.filter((one) => one.verdict === 'loses');
	const compared = done?.compared ?? {};
	return html`
		<div class="head">
			<h1>${t('Backlog')}</h1><span class="sub">${t('Promise open lines again; nothing is live before you apply it.')}</span>
		</div>
		<div class="columns wide-right">
			<${Panel} title=${t('The run')}>
				<${Form} class="form two" onSubmit=${start}>
					<${Field}
						class="full" label=${t('Which lines')} value=${params.filter ?? ''} placeholder="item=HL-U509-B demand_class=web"
						on=${set('filter')}
						hint=${t('All if empty. Conditions with spaces between: customer=A|B priority<=2 requested_date<2014-05-01')} />
					<${Sequence} value=${sequence} on=${set('sequence')} />
					<${Field}
						class="full" label=${t('Orders before all others')} value=${params.first ?? ''} placeholder="SO71824 SO69412/2"
						on=${set('first')} />
					<${Choice}
						class="full" label=${t('What becomes of them')} value=${params.otherwise ?? 'redistribute'} of=${strategies()}
						on=${set('otherwise')} />
					<${Field} label=${t('… but these win')} value=${params.win ?? ''} placeholder="demand_class=key_account" on=${set('win')} />
					<${Field} label=${t('… and these give way')} value=${params.fill ?? ''} placeholder="demand_class=web" on=${set('fill')} />
					<label class="check full">
						<input type="checkbox" checked=${!!params.search} onChange=${(event) => set('search')(event.target.checked ? '1' : '')} />
						${t('Look ten seconds for a sequence worth more')}
					</label>
					<div class="buttons">
						<button type="submit" class="main" disabled=${!!stop}>
							${locked.size ? t('Lock {n} and run again', { n: locked.size }) : t('Run')}
						</button>
						${stop && html`<button type="button" onClick=${() => stop.abort()}>${t('Stop')}</button>`}
						${locked.size > 0 && html`<button type="button" class="quiet" onClick=${() => lock(new Set())}>${t('Unlock all')}</button>`}
					</div>
				<//>
			<//>
			<div>
				${progress && html`
					<section class="panel">
						<div class="state loading" role="status">
							<span class="spinner"></span>
							${progress.lines ? html`
								<progress class="progress" max=${progress.lines} value=${progress.linesDone ?? 0} aria-label=${t('Lines done')}></progress>
								<span>${num(progress.linesDone)} / ${num(progress.lines)}</span>
							` : t('Promising again …')}
						</div>
					</section>
				`}
				${error && html`<section class="panel"><${Problem} error=${error} again=${start} /></section>`}
				${!done && !progress && !error && html`
					<section class="panel">
						<div class="state empty">
							<b>${t('Nothing has run')}</b>
							<p>${t('Put who goes first on top, and run. You see who wins and who loses before anything is live.')}</p>
						</div>
					</section>
				`}
				${done && html`
					<div class="tiles">
						<${Tile}
							label=${t('Promised again')} value=${num(done.lines ?? 0)}
							note=${t('in {n} part|in {n} parts', { n: num(done.parts ?? 0) })} />
						<${Tile} label=${t('Win')} value=${num(compared.winners ?? 0)} kind="good" />
						<${Tile} label=${t('Lose')} value=${num(compared.losers ?? 0)} kind=${compared.losers ? 'bad' : ''} />
						<${Tile}
							label=${t('Profit')} value=${short(done.valueFound || done.valueGiven)}
							note=${
								done.valueFound > done.valueGiven
									? t('{n} more than as given', { n: short(done.valueFound - done.valueGiven) })
									: t('as given')
							} />
					</div>
					${done.cannotWin?.length > 0 && html`
						<p class="banner" role="note">${t('These were to win and cannot: {list}', { list: done.cannotWin.slice(0, 8).join(', ') })}</p>
					`}
					<${Panel}
						title=${applied ? t('Live since position {n}', { n: num(applied.sequence) }) : t('Result, not live yet')}
						aside=${applied ? html`<${Do} class="danger" run=${revert}>${t('Take it back')}<//>` : html`
							<${Do} class="main" run=${apply}>${t('Apply to live')}<//>
							<a class="button" href=${href('compare', { a: done.runId, b: scenario.value || 'live' })}>${t('Compare')}</a>
							<a class="button" href=${href('promises', { scenario: done.runId })}>${t('Look around in it')}</a>
						`}>
						<div class="scroll" tabindex="0" role="group" aria-label=${t('Figures')}><${Kpis} of=${compared} /></div>
					<//>
				`}
			</div>
		</div>
		${done && html`
			<section class="panel">
				<${Table}
					id="r" label=${t('lines that win or lose')} columns=${differenceColumns()} rows=${lines}
					keyOf=${(one) => `${one.order}/${one.line}`} pick=${locked} onPick=${lock}
					open=${(one) => go(to('promise', `${one.order}/${one.line}`), { scenario: done.runId })}
					tools=${losers.length > 0 && html`
						<button
							type="button" class="quiet" onClick=${() => lock(new Set([...locked, ...losers.map((one) => `${one.order}/${one.line}`)]))}>
							${t('Lock all losers')}
						</button>
					`} />
			</section>
		`}
	`;
}
