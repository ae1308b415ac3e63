// The frame of every screen: navigation, finder, scenario, and the foot that says of what instant all is.
import { html, useEffect, useRef, useState } from './vendor/preact.js';
import { call, signIn } from './api.js';
import { finding, Finder } from './find.js';
import { Field, Form } from './form.js';
import { date, num } from './format.js';
import {
	LANGUAGES,
	go,
	href,
	hue,
	lang,
	locked,
	phone,
	position,
	route,
	scenario,
	server,
	setLang,
	setParams,
	status,
	theme,
	tick,
	toast,
} from './state.js';
import { t } from './texts.js';
import { Dialog, sourceAge } from './ui.js';

/** @returns {[string, string][]} */
export const screens = () => [
	['today', t('Today')],
	['ask', t('Ask')],
	['promises', t('Promises')],
	['exceptions', t('Exceptions')],
	['allocation', t('Allocation')],
	['backlog', t('Backlog')],
	['scenarios', t('Scenarios')],
	['data', t('Data')],
	['figures', t('Figures')],
	['system', t('System')],
];
/** Under which link a screen without one of its own stands. @type {Record<string, string>} */
const UNDER = { promise: 'promises', item: '', resource: '', supplier: '', supply: '', compare: 'scenarios', vary: 'scenarios' };

function Scenario() {
	const [all, setAll] = useState(/** @type {any[]} */ ([]));
	const id = scenario.value;
	useEffect(() => {
		call('ScenarioService/List', {}).then(
			(answer) => setAll(answer.scenarios ?? []),
			() => {},
		);
	}, [id, tick.value]);
	const known = all.some((one) => one.scenarioId === id);
	return html`
		<label class="scenario">
			<span class="dot" data-hue=${id ? hue(id) : 0}></span><span class="sr">${t('Scenario')}</span>
			<select
				value=${id}
				onChange=${(event) => {
					if (event.target.value === '+') {
						event.target.value = id;
						go('scenarios', { new: '1' });
					} else setParams({ scenario: event.target.value }, { push: true });
				}}>
				<option value="" selected=${!id}>${t('Live')}</option>${id && !known && html`<option value=${id} selected>${id}</option>`}
				${all.filter((one) => !Number(one.appliedAtSequence ?? 0) || one.scenarioId === id).map((one) => html`
					<option value=${one.scenarioId} selected=${one.scenarioId === id}>${one.name || one.scenarioId}</option>
				`)}
				<option value="+">${t('New scenario …')}</option>
			</select>
		</label>
	`;
}

function Foot() {
	const is = status.value;
	const old = is?.sources ?? [];
	return html`
		<footer class="foot">
			<span><span class=${`pulse ${server.value}`} aria-hidden="true"></span>${is ? html`<b>${is.version?.snapshotId}</b>` : '…'}</span>
			${is && html`
				<span title=${t('The date of the snapshot')}>
					${t('as of')} <time datetime=${is.version?.asOf}>${date(is.version?.asOf)}</time>
				</span>
				<span title=${t('The position of the last entry')}>${t('position')} ${num(position.value)}</span>
				${old.map((one) => html`<span title=${one.watermark}>${sourceAge(one)}</span>`)}
			`}
			<span class="grow"></span>
			<label>
				<span class="sr">${t('Theme')}</span>
				<select
					aria-label=${t('Theme')} value=${theme.value}
					onChange=${(event) => {
						theme.value = event.target.value;
					}}>
					<option value="" selected=${!theme.value}>${t('As the system')}</option>
					<option value="light" selected=${theme.value === 'light'}>${t('Light')}</option>
					<option value="dark" selected=${theme.value === 'dark'}>${t('Dark')}</option>
				</select>
			</label>
			<label>
				<span class="sr">${t('Language')}</span>
				<select aria-label=${t('Language')} value=${lang.value} onChange=${(event) => setLang(event.target.value)}>
					${LANGUAGES.map((one) => html`
						<option value=${one} selected=${one === lang.value}>${{ en: 'English', de: 'Deutsch', tr: 'Türkçe' }[one]}</option>
					`)}
				</select>
			</label>
		</footer>
	`;
}

/** Asks for a token where the server wants one; it stays in this tab. */
function SignIn() {
	const [text, setText] = useState('');
	return html`
		<${Dialog} title=${t('Who are you?')} onClose=${() => {}}>
			<${Form}
				class="form two"
				onSubmit=${() => {
					if (text.trim()) signIn(text);
				}}>
				<p class="full">
					${t('This server wants a token. Whoever operates it gives you one; it stays in this tab only.')}<br />
					<small>${locked.value}</small>
				</p>
				<${Field} class="full" label=${t('Token')} type="password" value=${text} on=${setText} />
				<div class="buttons"><button type="submit" class="main">${t('Go on')}</button></div>
			<//>
		<//>
	`;
}

export function Shell({ children }) {
	const here = UNDER[route.value.screen] ?? route.value.screen;
	const nav = useRef(/** @type {HTMLElement | null} */ (null));
	// On a phone the links are one row: that of the screen is brought into view.
	useEffect(() => {
		const link = /** @type {HTMLElement | null} */ (nav.current?.querySelector('[aria-current]'));
		if (nav.current && link) nav.current.scrollLeft = link.offsetLeft - 60;
	}, [here, phone.value]);
	return html`
		<div class="frame">
			<a
				class="skip" href="#main"
				onClick=${(event) => {
					event.preventDefault();
					document.getElementById('main')?.focus();
				}}>
				${t('To the content')}
			</a>
			<header class="top">
				<a class="brand" aria-label="Promised" href=${href('today')}>
					<svg viewBox="0 0 32 32" aria-hidden="true"><path d="M7 17.5l6 6L26 10" /></svg><span>Promised</span>
				</a>
				<button
					type="button" class="find"
					onClick=${() => {
						finding.value = true;
					}}>
					<span>${t('Find item, order, customer, supplier …')}</span><kbd>Ctrl K</kbd>
				</button>
				<${Scenario} />
			</header>
			<nav class="nav" ref=${nav} aria-label=${t('Screens')}>
				${screens().map(([path, name]) => html`<a href=${href(path)} aria-current=${path === here ? 'page' : undefined}>${name}</a>`)}
			</nav>
			<main id="main" tabindex="-1">
				${server.value !== 'up' && html`
					<div class="banner" role="status">
						<span class="spinner"></span>
						${
							server.value === 'starting'
								? t('The server is loading its data. What you typed stays; this page goes on by itself.')
								: t('The server is away. What you typed stays; this page goes on by itself as soon as it is back.')
						}
					</div>
				`}
				${children}
			</main>
			<${Foot} />${locked.value && html`<${SignIn} />`}${finding.value && html`<${Finder} screens=${screens()} />`}
			<div class="toasts" role="status" aria-live="polite">
				${toast.value && html`<div class=${`toast ${toast.value.kind}`}>${toast.value.text}</div>`}
			</div>
		</div>
	`;
}
