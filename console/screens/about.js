// About an item: what it is, how it is made or bought, and which rules hold for it and why.
import { html } from '../vendor/preact.js';
import { useAnswer } from '../api.js';
import { cash, num } from '../format.js';
import { inScenario, route } from '../state.js';
import { t } from '../texts.js';
import { Answer, Facts, Panel, link } from '../ui.js';

export function Rules({ item, location }) {
	const found = useAnswer(
		'CatalogService/GetRules',
		location
			? inScenario({
					item,
					location,
					demandClass: route.value.params.class || undefined,
					customer: route.value.params.customer || undefined,
				})
			: null,
	);
	/** @type {[string, any][]} */
	const rules = found.data
		? [
				[t('Availability'), found.data.atp],
				[t('How it is replenished'), found.data.sourcingLocal],
				[t('Who ships to customers'), found.data.sourcingGlobal],
				[t('Shares of classes'), found.data.allocation],
			]
		: [];
	return html`
		<${Panel} title=${t('Rules that hold, and why')}>
			<${Answer} of=${found}>
				<dl class="facts">
					${rules.map(([name, rule]) => html`
						<div><dt>${name}</dt><dd>${rule?.rule || t('none')}<br /><small>${rule?.why || ''}</small></dd></div>
					`)}
				</dl>
			<//>
		<//>
	`;
}

export function About({ of }) {
	return html`
		<${Panel} title=${t('About it')}>
			<${Facts}
				of=${[
					[t('Description'), of.description],
					[t('Category'), of.category],
					[t('Unit'), of.uom],
					[t('List price'), of.listPrice ? cash(of.listPrice) : ''],
					[t('Unit cost'), of.unitCost ? cash(of.unitCost) : ''],
					[t('Lot'), of.lotMultiple ? num(of.lotMultiple) : ''],
				]} />
			${of.works?.map((work) => html`
				<p class="pad">
					<b>${t('made by {name}', { name: work.workDefinition })}</b> ${work.location}<br />
					${work.resources?.length ? html`${t('Resources')}: ${work.resources.map((one) => html`${link('resource', one)} `)}<br />` : ''}
					<small>${work.components?.map((one) => html`${link('item', one)} `)}</small>
				</p>
			`)}
			${of.offers?.length > 0 && html`
				<p class="pad">
					<b>${t('bought from')}</b> ${of.offers.map((one) => html`
						${link('supplier', one.supplier)} <small>
							${t('{n} day of lead time|{n} days of lead time', { n: one.leadTimeDays ?? 0 })}
						</small> `)}
				</p>
			`}
			${of.substitutes?.length > 0 && html`
				<p class="pad"><b>${t('Substitutes')}</b> ${of.substitutes.map((one) => html`${link('item', one.item)} `)}</p>
			`}
		<//>
	`;
}
