// What a backlog run would do, or has done: who wins and who loses and why, its figures; made live, and taken back.
import { html, useMemo } from '../vendor/preact.js';
import { num, short, signed } from '../format.js';
import { Kpis, differenceColumns } from '../hit.js';
import { go, href, scenario, to } from '../state.js';
import { Table } from '../table.js';
import { t } from '../texts.js';
import { Do, Panel, Tile } from '../ui.js';

const key = (one) => `${one.order}/${one.line}`;

/** What it is worth beside what there is, in words. @param {any} of */
function worth(of) {
	const more = Number(of.valueFound ?? 0) - Number(of.valueGiven ?? 0);
	if (more > 0) return t('{n} more than as given', { n: short(more) });
	const by = Number(of.compared.after?.profit ?? 0) - Number(of.compared.before?.profit ?? 0);
	return by ? t('{by} against now', { by: signed(by, 0) }) : t('as it is now');
}

/** Its figures, and what can be done with it. */
export function Result({ of, applied, onApply, onRevert }) {
	const { compared } = of;
	return html`
		<div class="tiles">
			<${Tile} label=${t('Promised again')} value=${num(of.lines)} note=${t('in {n} part|in {n} parts', { n: num(of.parts) })} />
			<${Tile} label=${t('Win')} value=${num(compared.winners)} kind="good" />
			<${Tile} label=${t('Lose')} value=${num(compared.losers)} kind=${compared.losers ? 'bad' : ''} />
			<${Tile} label=${t('Profit')} value=${short(Number(compared.after?.profit ?? 0))} note=${worth(of)} />
		</div>
		${of.cannotWin?.length > 0 && html`
			<p class="banner" role="note">${t('These were to win and cannot: {list}', { list: of.cannotWin.slice(0, 8).join(', ') })}</p>
		`}
		<${Panel}
			title=${applied ? t('Live since position {n}', { n: num(applied) }) : t('Result, not live yet')}
			aside=${applied ? html`<${Do} class="danger" run=${onRevert}>${t('Take it back')}<//>` : html`
				<${Do} class="main" run=${onApply}>${t('Apply to live')}<//>
				<a class="button" href=${href('compare', { a: of.runId, b: scenario.value || 'live' })}>${t('Compare')}</a>
				<a class="button" href=${href('promises', { scenario: of.runId })}>${t('Look around in it')}</a>
			`}>
			<div class="scroll" tabindex="0" role="group" aria-label=${t('Figures')}><${Kpis} of=${compared} /></div>
		<//>
	`;
}

/** The lines that it moves; they are picked to be locked before it runs again. */
export function Moved({ of, locked, onLock }) {
	const lines = useMemo(() => of.compared.lines ?? [], [of]);
	const losers = lines.filter((one) => one.verdict === 'loses').map(key);
	return html`
		<section class="panel">
			<${Table}
				id="r" label=${t('lines that win or lose')} columns=${differenceColumns()} rows=${lines} keyOf=${key} pick=${locked}
				onPick=${onLock} open=${(one) => go(to('promise', key(one)), { scenario: of.runId })}
				tools=${losers.length > 0 && html`
					<button type="button" class="quiet" onClick=${() => onLock(new Set([...locked, ...losers]))}>${t('Lock all losers')}</button>
				`} />
		</section>
	`;
}
