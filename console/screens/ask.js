// Ask: can we promise it, when, from where, at what cost; hold or confirm it; what would make a late line on time.
import { html, useEffect, useMemo, useRef, useState } from '../vendor/preact.js';
import { Dates, LineAnswer, forCustomer } from '../answer.js';
import { call, requestId } from '../api.js';
import { faults } from '../form.js';
import { num, readNumber } from '../format.js';
import { readLines } from '../lines.js';
import { go, inScenario, route, scenario, setParams, status, tick } from '../state.js';
import { t } from '../texts.js';
import { Badge, Do, Panel, Problem, copy } from '../ui.js';
import { asChanges, whatIf } from '../whatif.js';
import { Kept } from './kept.js';
import { OrderLine } from './orderline.js';

const newOrder = () => `ASK-${Date.now().toString(36).slice(-6).toUpperCase()}`;

export default function Ask() {
	const { params } = route.value;
	const [order, setOrder] = useState(newOrder);
	const [answer, setAnswer] = useState(/** @type {any} */ (null));
	const [error, setError] = useState(/** @type {any} */ (null));
	const [kept, setKept] = useState(/** @type {any[]} */ ([]));
	const [busy, setBusy] = useState(false);
	const many = 'lines' in params;
	const today = status.value?.version?.asOf ?? '';
	const turn = useRef(0);

	const wanted = useMemo(() => {
		const rest = {
			order: params.order || order,
			dateType: params.type === 'SHIP' ? 'SHIP' : 'ARRIVAL',
			customer: params.customer || undefined,
			location: params.location || undefined,
			demandClass: params.class || undefined,
			latestDate: params.latest || undefined,
			shipMethod: params.method || undefined,
			split: params.split ? true : undefined,
			substitutes: params.substitutes ? true : undefined,
			unitPrice: params.price ? readNumber(params.price) : undefined,
			requestedDate: params.date ?? '',
		};
		if (many) return readLines(params.lines ?? '', rest);
		return { lines: [{ ...rest, line: '1', item: (params.item ?? '').trim(), quantity: readNumber(params.qty ?? '') }], faults: [] };
	}, [JSON.stringify(params), order]);

	const missing = () => {
		if (many)
			return wanted.faults.length || !wanted.lines.length
				? { message: wanted.faults.join(' ') || t('Paste at least one line.'), fields: [] }
				: null;
		const [line] = wanted.lines;
		const fields = [
			!line.item && { field: 'item', description: t('Which item?') },
			!(line.quantity > 0) && { field: 'quantity', description: t('How many?') },
			!line.requestedDate && { field: 'requested_date', description: t('For which day?') },
		].filter(Boolean);
		return fields.length ? { message: '', fields } : null;
	};
	const body = () => inScenario({ lines: wanted.lines, objective: /** @type {any} */ (params.objective || undefined) });
	const check = async () => {
		const lack = missing();
		setError(lack);
		if (lack) {
			setAnswer(null);
			return;
		}
		setParams({ asked: '1' });
		setBusy(true);
		const mine = ++turn.current;
		try {
			const question = { ...body(), alternatives: 4, pegging: true };
			const told = await call('PromiseService/CheckAvailability', question);
			if (mine !== turn.current) return;
			const late = wanted.lines.length <= 50 && told.results?.some((one) => one.status !== 'ON_TIME' && one.status !== 'ALREADY_PROMISED');
			setAnswer({ told, lines: wanted.lines, looking: late });
			setError(null);
			setBusy(false);
			// What would change a late date takes many searches: it comes after the date itself.
			const more = late && (await call('PromiseService/CheckAvailability', { ...question, remedies: true }));
			if (more && mine === turn.current) setAnswer({ told: more, lines: wanted.lines });
		} catch (problem) {
			if (mine === turn.current) {
				setError(problem);
				setAnswer(null);
			}
		} finally {
			setBusy(false);
		}
	};
	const promise = async (commitment, holdFor) => {
		const lack = missing();
		setError(lack);
		if (lack) return;
		const same = (one) =>
			one.state === 'HELD' &&
			wanted.lines.some((line) => JSON.stringify({ ...line, order: '' }) === JSON.stringify({ ...one.asked, order: '' }));
		const held = kept.filter(same);
		if (commitment === 'CONFIRM' && held.length === wanted.lines.length) {
			// What is held already is meant: it is not promised a second time.
			const told = await call(
				'PromiseService/Confirm',
				inScenario({ requestId: requestId(), promiseIds: held.map((one) => one.promiseId) }),
			);
			setKept(kept.map((one) => ({ ...one, ...told.promises?.find((now) => now.order === one.order && now.line === one.line) })));
			tick.value += 1;
			return;
		}
		try {
			const told = await call('PromiseService/Promise', {
				...body(),
				requestId: requestId(),
				commitment,
				holdFor: commitment === 'HOLD' ? `${holdFor}s` : undefined,
				alternatives: 2,
				pegging: true,
			});
			setKept([...(told.promises ?? []).map((one, n) => ({ ...one, asked: wanted.lines[n] })), ...kept]);
			setAnswer({ told: { results: (told.promises ?? []).map((one) => one.result) }, lines: wanted.lines, kept: true });
			setError(null);
			setOrder(newOrder());
			tick.value += 1;
		} catch (problem) {
			setError(problem);
		}
	};
	const asking = JSON.stringify([wanted.lines, params.objective, scenario.value]);
	useEffect(() => {
		if (!params.asked || many) return undefined;
		const timer = setTimeout(
			() => {
				if (!missing()) check();
			},
			answer || error ? 200 : 0,
		);
		return () => clearTimeout(timer);
	}, [asking]);
	const tryIt = (line, result) => async (remedy) => {
		const demandClass = line.demandClass || result.reasons?.find((one) => one.demandClass)?.demandClass;
		const tried = asChanges(remedy, { ...line, demandClass });
		const id = await whatIf(t('Remedy for {name}', { name: line.item }), tried.changes);
		go('ask', {
			...params,
			scenario: id,
			asked: '1',
			location: tried.line.location,
			method: tried.line.shipMethod,
			split: tried.line.split ? '1' : '',
			substitutes: tried.line.substitutes ? '1' : '',
		});
	};
	const wrong = faults(error);
	const general = error && (error.missing || (!Object.keys(wrong).length && error.message)) ? error : null;

	return html`
		<div class="head"><h1>${t('Ask')}</h1><span class="sub">${t('What can we promise, from where, when, at what cost?')}</span></div>
		<div class="columns wide-right">
			<div>
				<${OrderLine} many=${many} wanted=${wanted} wrong=${wrong} order=${order} busy=${busy} onCheck=${check} onPromise=${promise} />
			</div>
			<div>
				${kept.length > 0 && html`<${Kept} of=${kept} onChange=${setKept} />`}
				${general && html`<${Panel} title=${t('Answer')}><${Problem} error=${general} again=${check} /><//>`}
				${!general && !answer && html`
					<section class="panel">
						<div class="state empty">
							<b>${t('Nothing asked yet')}</b>
							<p>${t('Say which item, how many and for when. Check keeps nothing; Hold keeps it for a while; Confirm for good.')}</p>
						</div>
					</section>
				`}
				${answer && !answer.kept && html`<${Answered} of=${answer} today=${today} stale=${busy} onTry=${tryIt} />`}
			</div>
		</div>
	`;
}

/** What can be promised for the lines that were asked for. */
function Answered({ of, today, stale, onTry }) {
	return html`
		<${Panel}
			class=${stale ? 'stale' : ''} title=${of.lines.length > 1 ? t('{n} line|{n} lines', { n: num(of.lines.length) }) : t('Answer')}
			aside=${html`<${Do} class="quiet" run=${() => copy(forCustomer(of.told.results ?? [], of.lines))}>${t('Copy for the customer')}<//>`}>
			${of.lines.length > 1 ? html`
				<ul>
					${(of.told.results ?? []).map((result, n) => html`
						<li>
							<details open=${n === 0}>
								<summary class="pad">
									<${Badge} is=${result.status} /> ${of.lines[n].line}. ${num(of.lines[n].quantity)} ${of.lines[n].item} <span
										class="muted">
										<${Dates} of=${result.defaultOption} />
									</span>
								</summary>
								<${LineAnswer}
									result=${result} line=${of.lines[n]} today=${today} looking=${of.looking} onTry=${onTry(of.lines[n], result)} />
							</details>
						</li>
					`)}
				</ul>
			` : html`
				<${LineAnswer}
					result=${of.told.results?.[0] ?? {}} line=${of.lines[0]} today=${today} looking=${of.looking}
					onTry=${onTry(of.lines[0], of.told.results?.[0] ?? {})}
					onTake=${(option) => {
						setParams({ location: option.legs[0].location, method: option.legs[0].shipMethod, item: option.legs[0].item });
					}} />
			`}
		<//>
	`;
}
