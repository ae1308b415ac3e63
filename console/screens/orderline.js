// The order line that is asked for: its fields, or lines pasted from a spreadsheet.
import { html, useState } from '../vendor/preact.js';
import { Check, Choice, Combo, Field, Form } from '../form.js';
import { span } from '../format.js';
import { route, setParams } from '../state.js';
import { t } from '../texts.js';
import { Do, Panel, Segmented } from '../ui.js';

export function OrderLine({ many, wanted, wrong, order, busy, onCheck, onPromise }) {
	const { params } = route.value;
	const [holdFor, setHoldFor] = useState('900');
	const on = (name) => (value) => setParams({ [name]: value });
	return html`
		<${Panel}
			title=${t('Order line')}
			aside=${html`
				<${Segmented}
					label=${t('How many lines')} value=${many ? 'many' : 'one'}
					of=${[
						['one', t('One line')],
						['many', t('Paste lines')],
					]}
					onPick=${(to) => setParams({ lines: undefined, ...(to === 'many' ? { lines: ' ' } : {}) })} />
			`}>
			<${Form} class="form two" onSubmit=${onCheck}>
				${many ? html`
					<div class="field full">
						<label for="paste">${t('Lines from a spreadsheet')}</label>
						<textarea
							id="paste" rows="9" placeholder=${`BK-M82S-42\t40\t2014-04-20\nHL-U509-B\t12\t2014-04-15`}
							value=${(params.lines ?? '').trimStart()} onInput=${(event) => setParams({ lines: event.target.value || ' ' })}></textarea>
						<span class="note">
							${t('Item, quantity, date, then customer and location if you like; a first row of names may change the order.')} ${
								wanted.lines.length ? t('{n} line read.|{n} lines read.', { n: wanted.lines.length }) : ''
							}
						</span>
					</div>
				` : html`
					<${Combo}
						class="full" label=${t('Item')} kinds=${['ITEM']} required value=${params.item ?? ''} on=${on('item')} error=${wrong.item} />
					<${Field} label=${t('Quantity')} mode="decimal" required value=${params.qty ?? ''} on=${on('qty')} error=${wrong.quantity} />
					<${Field} label=${t('Date')} type="date" required value=${params.date ?? ''} on=${on('date')} error=${wrong.requested_date} />
				`}
				<${Combo}
					class="full" label=${t('Customer')} kinds=${['CUSTOMER']} value=${params.customer ?? ''} on=${on('customer')}
					error=${wrong.customer} />
				<div class="full">
					<${Segmented}
						label=${t('To be there or to leave')} value=${params.type === 'SHIP' ? 'SHIP' : 'ARRIVAL'}
						of=${[
							['ARRIVAL', t('to be there')],
							['SHIP', t('to leave')],
						]}
						onPick=${on('type')} />
				</div>
				<${Choice}
					class="full" label=${t('Best by')} value=${params.objective ?? ''}
					of=${[
						['', t('the rule')],
						['SOURCING_RANK', t('sourcing rank')],
						['EARLIEST', t('earliest arrival')],
						['LOWEST_COST', t('lowest cost')],
						['HIGHEST_PROFIT', t('highest profit')],
					]}
					on=${on('objective')} />
				<details
					class="full"
					open=${!!(
						params.location ||
						params.class ||
						params.latest ||
						params.method ||
						params.split ||
						params.substitutes ||
						params.price
					)}>
					<summary>${t('More terms')}</summary>
					<div class="form two">
						<${Combo}
							label=${t('From location')} kinds=${['LOCATION']} value=${params.location ?? ''} on=${on('location')}
							error=${wrong.location} />
						<${Field} label=${t('Class')} value=${params.class ?? ''} on=${on('class')} error=${wrong.demand_class} />
						<${Field} label=${t('Not after')} type="date" value=${params.latest ?? ''} on=${on('latest')} error=${wrong.latest_date} />
						<${Field} label=${t('Ship method')} value=${params.method ?? ''} on=${on('method')} error=${wrong.ship_method} />
						<${Field} label=${t('Unit price')} mode="decimal" value=${params.price ?? ''} on=${on('price')} error=${wrong.unit_price} />
						<${Field} label=${t('Order')} value=${params.order ?? ''} placeholder=${order} on=${on('order')} error=${wrong.order} />
						<${Check} label=${t('May be split')} checked=${!!params.split} on=${(yes) => on('split')(yes ? '1' : '')} />
						<${Check} label=${t('Substitutes may ship')} checked=${!!params.substitutes} on=${(yes) => on('substitutes')(yes ? '1' : '')} />
					</div>
				</details>
				<div class="buttons">
					<button type="submit" class="main" disabled=${busy}>${t('Check')}</button>
					<${Do} run=${() => onPromise('HOLD', holdFor)}>${t('Hold')}<//>
					<${Do} run=${() => onPromise('CONFIRM', holdFor)}>${t('Confirm')}<//>
					<label class="check">
						<span class="muted">${t('hold for')}</span>
						<select value=${holdFor} onChange=${(event) => setHoldFor(event.target.value)}>
							${[900, 3600, 14400, 86400, 604800].map((one) => html`
								<option value=${one} selected=${String(one) === holdFor}>${span(one)}</option>
							`)}
						</select>
					</label>
				</div>
			<//>
		<//>
	`;
}
