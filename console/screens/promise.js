// Promise: its life, why its date is what it is, what would change it, what it is made of and who counts on it.
import { html, useEffect } from '../vendor/preact.js';
import { Reasons, Remedies, promisedDate } from '../answer.js';
import { call, requestId, useAnswer } from '../api.js';
import { cash, date, instant, num } from '../format.js';
import { Gantt } from '../gantt.js';
import { href, inScenario, status, tick, to } from '../state.js';
import { t } from '../texts.js';
import { Answer, Badge, Do, Facts, Panel, day, lateness, link, orderLink, word } from '../ui.js';
import { tryForPromise } from '../whatif.js';
import { Actions, termsOf } from './life.js';

/** Why its date is what it is now, what it is made of, and who counts on that. @param {any} promise */
function useExplained(promise) {
	const live = promise && ['HELD', 'CONFIRMED'].includes(promise.state);
	const explained = useAnswer('PromiseService/Explain', live ? inScenario({ promiseId: promise.promiseId }) : null);
	const pegging = useAnswer('PromiseService/GetPegging', live ? inScenario({ promiseId: promise.promiseId }) : null);
	const now = explained.data?.now;
	const own = explained.data?.legs?.length ? explained.data.legs : pegging.data?.legs;
	return { now, legs: own ?? now?.defaultOption?.legs ?? [], asked: !own, usedBy: pegging.data?.usedBy ?? [], state: explained };
}

function One({ of }) {
	const { now, legs, asked, usedBy, state } = useExplained(of);
	const days = Math.max(0, ...(of.legs ?? []).map((leg) => leg.daysLate ?? 0));
	const end = promisedDate({ legs: of.legs }, of.dateType);
	const could = now?.defaultOption ? promisedDate(now.defaultOption, of.dateType) : '';
	const sooner = could && end && could < end;
	const today = status.value?.version?.asOf;
	const earlier = async () => {
		await call('PromiseService/Amend', inScenario({ requestId: requestId(), promiseId: of.promiseId, line: termsOf(of) }));
		tick.value += 1;
	};
	const life =
		of.history?.length > 0 && html`
			<${Panel} title=${t('Its life')}>
				<ol class="steps">
					${of.history.map((step) => html`
						<li>
							<b>${word(step.step)}</b><small>${instant(step.at)}${step.by ? `, ${step.by}` : ''}</small><br />
							<small>${num(step.quantity)}${step.shipDate ? html`, ${t('leaves')} ${day(step.shipDate)}` : ''}</small>
						</li>
					`)}
				</ol>
			<//>
		`;
	return html`
		<div class="head">
			<h1>${of.order}/${of.line}</h1>
			<span class="sub">${of.promiseId} <${Badge} is=${of.state} />${of.atRisk ? html` <${Badge} is="AT_RISK" />` : ''}</span>
			<${Actions} of=${of} />
		</div>
		<section class="panel">
			<p class="headline pad">
				<b>${num(of.quantity)} ${link('item', of.item)}</b> ${t('for')} ${of.customer ? html`
					<a href=${href('promises', { customer: of.customer })}>${of.customer}</a>
				` : t('nobody in particular')}: ${t('asked for')} <b>${day(of.requestedDate)}</b>, ${t('promised')} <b>${day(end)}</b>, ${lateness(
					days,
				)}.${sooner ? html` <span class="fine">${t('It could be {date} by now.', { date: date(could) })}</span> ` : ''}
				${sooner ? html`<${Do} class="small" run=${earlier}>${t('Take the earlier date')}<//>` : ''}
			</p>
			<${Facts}
				of=${[
					[
						t('From'),
						(of.legs ?? []).map((leg) => `${num(leg.quantity)} ${leg.location}${leg.shipMethod ? `, ${leg.shipMethod}` : ''}`).join(' + '),
					],
					[t('Leaves'), (of.legs ?? []).map((leg) => html`${day(leg.shipDate)} `)],
					[t('Arrives'), (of.legs ?? []).map((leg) => html`${day(leg.arrivalDate)} `)],
					[
						t('Supply'),
						(of.legs ?? [])
							.flatMap((leg) => (leg.supply ?? '').split('+'))
							.map((one) => t(one))
							.join(' + '),
					],
					[t('Class'), of.demandClass],
					[t('Priority'), of.priority],
					[t('Cost'), cash(of.cost)],
					[t('Profit'), html`<span class=${(of.profit ?? 0) < 0 ? 'hurt' : ''}>${cash(of.profit)}</span>`],
					[t('Asked quantity'), num(of.quantityRequested)],
					[t('Forced'), of.force && `${of.force.by}: ${of.force.why}`],
				]} />
		</section>
		<${Answer} of=${state}>
			${now && (days > 0 || now.status !== 'ON_TIME' || of.atRisk) ? html`
				<div class="columns">
					<${Panel} title=${t('Why')}>
						<${Reasons} bare reasons=${now.reasons} />
						${!now.reasons?.length && html`
							<p class="pad muted">
								${now.status === 'ON_TIME' ? t('Asked for now it would be on time: what was in its way is gone.') : t('Nothing is told.')}
							</p>
						`}
					<//>
					<div>
						<${Panel} title=${t('What would change it')}>
							<${Remedies}
								bare remedies=${now.remedies}
								onTry=${(remedy) => tryForPromise(remedy, { ...termsOf(of), demandClass: of.demandClass || undefined }, of.promiseId)} />
						<//>
						${life}
					</div>
				</div>
			` : life}
		<//>
		${legs.length > 0 && html`
			<${Panel} title=${t('Pegging')} aside=${asked ? t('as it would be made if it were asked for now') : ''}>
				<${Gantt} legs=${legs} reasons=${now?.reasons} today=${today} asked=${of.requestedDate} promised=${end} />
			<//>
		`}
		${usedBy.length > 0 && html`
			<${Panel} title=${t('Who counts on what it has planned')}>
				<ul class="why">
					${usedBy.map((one) => html`
						<li>${orderLink(one)} ${one.customer || ''} · ${num(one.quantity)} ${one.item} · ${day(one.date)}</li>
					`)}
				</ul>
			<//>
		`}
	`;
}

export default function Promise_({ of }) {
	const cut = of.lastIndexOf('/');
	const byId = /^P\d+$/.test(of);
	const found = useAnswer(
		'PromiseService/Get',
		inScenario(
			byId
				? { promiseId: of, history: true }
				: cut > 0
					? { order: of.slice(0, cut), line: of.slice(cut + 1), history: true }
					: { order: of, history: true },
		),
	);
	const all = found.data?.promises ?? [];
	const live = all.filter((one) => one.state === 'HELD' || one.state === 'CONFIRMED');
	const single = all.length === 1 ? all[0] : live.length === 1 ? live[0] : null;
	useEffect(() => {
		document.title = `${of} · Promised`;
	});
	if (found.error?.code === 'not_found' && !/scenario/i.test(found.error.message))
		return html`
			<h1>${of}</h1>
			<section class="panel">
				<div class="state empty">
					<b>${t('There is no such promise')}</b>
					<p>${t('Nothing is promised under this name. Look among all promises, or ask for the line.')}</p>
					<a class="button" href=${href('promises')}>${t('Promises')}</a>
				</div>
			</section>
		`;
	if (single) return html`<${One} of=${single} />`;
	return html`
		<div class="head"><h1>${of}</h1><span class="sub">${t('{n} promise|{n} promises', { n: all.length })}</span></div>
		<${Answer} of=${found}>
			<section class="panel">
				<ul class="mend">
					${all.map((one) => html`
						<li>
							<span>
								<a href=${href(to('promise', one.promiseId ?? ''))}>${one.order}/${one.line}</a> <${Badge} is=${one.state} /> ${num(
									one.quantity,
								)} ${link('item', one.item)} · ${t('arrives')} ${day(promisedDate({ legs: one.legs }, 'ARRIVAL'))}
							</span>
							<span>${lateness(Math.max(0, ...(one.legs ?? []).map((leg) => leg.daysLate ?? 0)))}</span>
						</li>
					`)}
				</ul>
			</section>
		<//>
	`;
}
