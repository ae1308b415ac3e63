// The shares of classes as a tree, with what each was given, took and has left; and what a change of them would do.
import { html } from '../vendor/preact.js';
import { num, percent } from '../format.js';
import { t } from '../texts.js';
import { Badge, Bar, day, orderLink } from '../ui.js';
import { given } from './burn.js';

const KINDS = () =>
	/** @type {Record<string, string>} */ ({ SHARE: t('share'), REMAINING: t('of what is left'), PROTECT: t('kept'), CAP: t('at most') });
const list = (of) => (of ?? []).map((one) => `${num(one.quantity)} ${one.demandClass || t('no class')}`).join(', ');
export const ruled = (node) =>
	node.method === 'PERCENT'
		? `${num(node.value)} %`
		: node.method === 'RATIO'
			? t('ratio {n}', { n: num(node.value) })
			: node.method === 'QUANTITY'
				? num(node.value)
				: '–';

/** The tree of one period. */
export function Tree({ nodes, after, gone, chosen, onPick }) {
	return html`
		<div class="scroll" tabindex="0" role="group" aria-label=${t('Shares of classes')}>
			<table class="plain tree" role="treegrid" aria-label=${t('Shares of classes')}>
				<thead>
					<tr role="row">
						<th role="columnheader">${t('Class')}</th><th class="num" role="columnheader">${t('Rank')}</th>
						<th role="columnheader">${t('Rule')}</th><th class="num" role="columnheader">${t('Allocated')}</th>
						<th class="num" role="columnheader">${t('Own')}</th><th class="num" role="columnheader">${t('Left')}</th>
						<th role="columnheader">${t('Used')}</th><th role="columnheader">${t('Taken by others')}</th>
						<th role="columnheader">${t('Took from others')}</th>
					</tr>
				</thead>
				<tbody>
					${nodes.map((node) => {
						const others = (node.takenBy ?? []).reduce((sum, one) => sum + one.quantity, 0);
						const has = given(node);
						const then = after?.find((one) => one.demandClass === node.demandClass && one.kind === node.kind);
						const changed = (key) =>
							then && Math.abs((then[key] ?? 0) - (node[key] ?? 0)) > 1e-9 ? html` <b class="c-accent">→ ${num(then[key] ?? 0)}</b>` : '';
						const part = has > 0 ? ((node.consumed ?? 0) + others) / has : 0;
						return html`
							<tr
								role="row" aria-level=${(node.depth ?? 0) + 1} class=${chosen === node.demandClass ? 'active' : ''}
								onClick=${() => onPick(node.demandClass)}>
								<td role="gridcell" class=${`indent-${Math.min(node.depth ?? 0, 8)}`}>
									${node.depth ? html`<span class="twig" aria-hidden="true">└</span>` : ''}
									<button
										type="button" class="quiet" aria-pressed=${chosen === node.demandClass ? 'true' : 'false'}
										onClick=${() => onPick(node.demandClass)}>
										${node.demandClass}
									</button>
								</td>
								<td role="gridcell" class="num">${node.rank ?? 0}</td>
								<td role="gridcell">
									${KINDS()[node.kind] ?? ''} ${ruled(node)}
									${then && then.value !== node.value ? html` <b class="c-accent">→ ${ruled(then)}</b>` : ''}
								</td>
								<td role="gridcell" class="num">${num(has)}${changed('allocated')}</td>
								<td role="gridcell" class="num">${num(node.consumed ?? 0)}</td>
								<td role="gridcell" class="num"><b>${num(node.left ?? 0)}</b>${changed('left')}</td>
								<td role="gridcell" class="burn">
									<${Bar} value=${(node.consumed ?? 0) + others} of=${has} kind=${part >= 1 - 1e-9 ? 'warn' : ''} mark=${gone} />
									<span class=${part > gone + 1e-9 && part < 1 && gone > 0 ? 'late' : 'muted'}> ${percent(part, 0)}</span>
								</td>
								<td role="gridcell" class="wrap">${list(node.takenBy)}</td><td role="gridcell" class="wrap">${list(node.tookFrom)}</td>
							</tr>
						`;
					})}
				</tbody>
			</table>
		</div>
	`;
}

/** What the changes would do. */
export function Effect({ of }) {
	const hurt = of.promises ?? [];
	return html`
		<div aria-live="polite">
			${of.refused?.length > 0 && html`
				<div class="why"><h3 class="hurt">${t('It would be refused')}</h3><ul>${of.refused.map((one) => html`<li>${one}</li>`)}</ul></div>
			`}
			<p class="headline">
				${of.refused?.length && !hurt.length ? '' : hurt.length ? html`
					<b class="hurt">${t('{n} promise is hurt|{n} promises are hurt', { n: hurt.length })}</b>
				` : html`<b class="fine">${t('Nobody is hurt')}</b>`}
				${
					of.furtherAccounts
						? ` · ${t('{n} more account is under this rule|{n} more accounts are under this rule', { n: of.furtherAccounts })}`
						: ''
				}
			</p>
			${hurt.length > 0 && html`
				<ul class="why dialog-list">
					${hurt.map((one) => html`
						<li>
							<${Badge} is=${one.effect} /> ${orderLink(one)} ${one.demandClass} · ${num(one.quantity)} · ${one.effect === 'LATER' ? html`
								${day(one.againBefore)} → ${one.againAfter ? day(one.againAfter) : t('not within the horizon')}
							` : day(one.shipDate)}
						</li>
					`)}
				</ul>
			`}
			${of.available?.length > 0 && html`
				<div class="scroll" tabindex="0" role="group" aria-label=${t('What classes can have')}>
					<table class="plain kpi">
						<thead><tr><th>${t('Class')}</th><th>${t('From')}</th><th>${t('Can have now')}</th><th>${t('Then')}</th></tr></thead>
						<tbody>
							${of.available.map((one) => html`
								<tr>
									<td>${one.demandClass}</td><td>${day(one.from)}</td><td>${num(one.before ?? 0)}</td>
									<td class=${(one.after ?? 0) < (one.before ?? 0) ? 'hurt' : 'fine'}>${num(one.after ?? 0)}</td>
								</tr>
							`)}
						</tbody>
					</table>
				</div>
			`}
		</div>
	`;
}
