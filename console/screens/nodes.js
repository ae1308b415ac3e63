// The machines that run this as one: who leads, who is behind and by how much, and what keeps them together.
import { html } from '../vendor/preact.js';
import { useAnswer } from '../api.js';
import { bytes, num, span } from '../format.js';
import { t } from '../texts.js';
import { Answer, Badge, Facts, Panel } from '../ui.js';

/** @typedef {import('../messages.d.ts').ClusterStatusResponse_Node} Node */
/** @typedef {import('../messages.d.ts').ClusterStatusResponse_Etcd} Etcd */

/** @param {{of: Node}} props */
function Row({ of: one }) {
	const behind = one.lagSeconds ? ` (${t('behind by {span}', { span: span(Math.max(1, one.lagSeconds)) })})` : '';
	const disk = Number(one.diskBytes ?? 0) > 0 && t('{n} of {m} free', { n: bytes(one.diskFreeBytes), m: bytes(one.diskBytes) });
	return html`
		<li>
			<span>
				<b>${one.node}</b> ${one.address ?? ''} <small>${one.version ?? ''}</small>
				${disk && html`<br /><small class="muted">${disk}</small>`}
				${one.duties?.length ? html`<br /><small class="muted">${t('By itself while it leads')}: ${one.duties.join(', ')}</small>` : ''}
			</span>
			<${Badge} is=${one.role} /><span>${num(one.position ?? 0)}${behind}</span>
		</li>
	`;
}

/** @param {{of: Etcd}} props */
function Keeper({ of: one }) {
	const role = !one.healthy ? 'unreachable' : one.leader ? 'leader' : 'follower';
	return html`
		<li>
			<span>${one.url} <small>${one.version ?? ''}</small></span><${Badge} is=${role} />
			<span>${one.healthy ? bytes(one.dbBytes) : '–'}</span>
		</li>
	`;
}

export function Nodes() {
	const asked = useAnswer('AdminService/ClusterStatus', {});
	const told = asked.data;
	const nodes = told?.nodes ?? [];
	const gap = told?.lastGapSeconds;
	return html`
		<${Panel} title=${t('Nodes')}>
			<${Answer} of=${asked} none=${!nodes.length} empty=${t('One process.')}>
				${told?.cluster && html`
					<${Facts}
						of=${[
							[t('Leads'), told.leader || t('nobody')],
							[t('Changes of the lead'), num(told.epoch ?? 0)],
							[t('Nobody led when it changed last'), gap === undefined ? '–' : t('{n} s', { n: num(gap) })],
						]} />
				`}
				<ul class="mend" aria-label=${t('Nodes')}>${nodes.map((one) => html`<${Row} of=${one} />`)}</ul>
				${told?.etcd?.length ? html`
					<h3 class="pad">etcd</h3><ul class="mend" aria-label="etcd">${told.etcd.map((one) => html`<${Keeper} of=${one} />`)}</ul>
				` : ''}
			<//>
		<//>
	`;
}
