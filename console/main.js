// Begins: shows the screen that the address names, inside the frame.
import { html, render, useEffect, useErrorBoundary, useState } from './vendor/preact.js';
import { refreshStatus } from './api.js';
import { follow } from './follow.js';
import { Shell, screens } from './shell.js';
import { route } from './state.js';
import { ready, t } from './texts.js';

/** @type {Record<string, () => Promise<{default: any}>>} */
const SCREENS = {
	today: () => import('./screens/today.js'),
	ask: () => import('./screens/ask.js'),
	promises: () => import('./screens/promises.js'),
	promise: () => import('./screens/promise.js'),
	item: () => import('./screens/item.js'),
	resource: () => import('./screens/resource.js'),
	supplier: () => import('./screens/supplier.js'),
	supply: () => import('./screens/supply.js'),
	exceptions: () => import('./screens/exceptions.js'),
	allocation: () => import('./screens/allocation.js'),
	backlog: () => import('./screens/backlog.js'),
	scenarios: () => import('./screens/scenarios.js'),
	compare: () => import('./screens/compare.js'),
	vary: () => import('./screens/vary.js'),
	data: () => import('./screens/data.js'),
	figures: () => import('./screens/figures.js'),
	system: () => import('./screens/system.js'),
};
/** @type {Record<string, any>} */
const loaded = {};

function Screen() {
	const { screen, key } = route.value;
	const [, redraw] = useState(0);
	const [error, reset] = useErrorBoundary();
	useEffect(() => {
		reset();
	}, [screen, key]);
	useEffect(() => {
		const name = SCREENS[screen] ? screen : '';
		if (name && !loaded[name])
			SCREENS[name]().then(
				(found) => {
					loaded[name] = found.default;
					redraw((n) => n + 1);
				},
				() => {
					loaded[name] = Lost;
					redraw((n) => n + 1);
				},
			);
	}, [screen]);
	const found = [...screens(), ['promise', key], ['item', key], ['resource', key], ['supplier', key], ['supply', key]].find(
		([path]) => path === screen,
	);
	useEffect(() => {
		document.title = `${found?.[1] ?? screen} · Promised`;
	});
	if (error) {
		console.error(error);
		return html`
			<h1>${t('That did not work')}</h1><p>${String(error.message)}</p>
			<button
				onClick=${() => {
					reset();
				}}>
				${t('Ask again')}
			</button>
		`;
	}
	if (!SCREENS[screen]) return html`<h1>${t('There is no such screen')}</h1><p>${t('The address may be old. Choose one on the left.')}</p>`;
	const Shown = loaded[screen];
	return Shown ? html`<${Shown} key=${`${screen} ${key}`} of=${key} />` : html`
		<div class="state loading"><span class="spinner"></span></div>
	`;
}

function Lost() {
	return html`
		<h1>${t('That did not work')}</h1><p>${t('A part of the page could not be loaded.')}</p>
		<button onClick=${() => location.reload()}>${t('Load the page again')}</button>
	`;
}

refreshStatus();
follow();
ready.then(() => {
	const root = /** @type {HTMLElement} */ (document.getElementById('app'));
	root.textContent = '';
	render(html`<${Shell}><${Screen} /><//>`, root);
});
