// Figures over days on one axis: supply up, demand down, what is available as steps; supplies can be dragged to other days.
import { html, useEffect, useMemo, useRef, useState } from './vendor/preact.js';
import { addDays, date, dayMonth, dayNumber, locale, num } from './format.js';
import { nearest, path, scales, ticks, written } from './plot.js';
import { t } from './texts.js';

/** @typedef {import('./plot.js').Series} Series */

/** How wide an element is, whatever becomes of the window. */
function useWidth() {
	const box = useRef(/** @type {HTMLDivElement | null} */ (null));
	const [width, setWidth] = useState(0);
	useEffect(() => {
		const host = box.current;
		if (!host) return undefined;
		const watch = new ResizeObserver(() => setWidth(host.clientWidth));
		watch.observe(host);
		return () => watch.disconnect();
	}, []);
	return /** @type {const} */ ([box, width]);
}

/** The class that gives a row of figures its colour. @param {string} colour */
const tone = (colour) => `c-${colour}`;

/** Axes, figures and marks; drawn anew only when they change. @param {any} of */
function drawing({ days, series, marks, size, height, width }) {
	const figures = ticks(size.bottom, size.top, Math.max(2, height / 55));
	const { left, right, floor } = size;
	const paths = series.map((one) => ({ one, ...path(one, size) }));
	return html`
		<svg class="plot" width=${width} height=${height} aria-hidden="true">
			${figures.map((one) => html`
				<line class="grid" x1=${left} x2=${right} y1=${size.y(one)} y2=${size.y(one)} />
				<text class="figure" x=${left - 8} y=${size.y(one) + 3.5}>${num(one, 2)}</text>
			`)}
			${written(size).map((n) => html`
				<line class="tick" x1=${size.x(size.numbers[n])} x2=${size.x(size.numbers[n])} y1=${floor} y2=${floor + 4} />
				<text class="day" x=${size.x(size.numbers[n])} y=${floor + 17}>${dayMonth(days[n])}</text>
			`)}
			${paths.map(({ one, area }) => area && html`<path class=${`area ${tone(one.colour)}`} d=${area} />`)}
			${paths.map(({ one, line }) => html`
				<path
					class=${`${one.how === 'bars' ? 'filled' : 'drawn'} ${tone(one.colour)}`} d=${line} stroke-width=${one.width ?? 1.8}
					stroke-dasharray=${one.dash} />
			`)}
			<line class="zero" x1=${left} x2=${right} y1=${size.y(0)} y2=${size.y(0)} />
			${marks.map((mark) => html`
				<line
					class=${`drawn ${tone(mark.colour)}`} x1=${size.x(dayNumber(mark.date))} x2=${size.x(dayNumber(mark.date))} y1=${size.ceiling}
					y2=${floor} stroke-width="1.5" />
			`)}
		</svg>
	`;
}

export function Timeline({ days, series, height = 260, label, onDay, marks = NONE, handles = NONE, onMove }) {
	const [box, width] = useWidth();
	const [at, setAt] = useState(-1);
	const size = useMemo(() => (width && days.length ? scales(days, series, width, height) : null), [days, series, width, height]);
	const drawn = useMemo(() => size && drawing({ days, series, marks, size, height, width }), [size, marks, locale.value]);
	const under = (event) => (size ? nearest(size, event.clientX - (box.current?.getBoundingClientRect().left ?? 0)) : -1);
	const keys = (event) => {
		const step = STEPS[event.key];
		if (!step || event.target !== event.currentTarget) return;
		event.preventDefault();
		const next = Math.max(0, Math.min(days.length - 1, at + step));
		setAt(next);
		onDay?.(days[next]);
	};
	const shown = at >= 0 && at < days.length ? at : days.length - 1;
	return html`
		<div>
			<div class="legend" aria-live="off">
				<b>${days.length ? date(days[shown]) : ''}</b>
				${series.map((one) => html`
					<span class=${tone(one.colour)}><span class="swatch"></span><span>${one.label} ${num(one.values[shown] ?? 0)}</span></span>
				`)}
			</div>
			${handles.length > 0 && html`
				<div class="handles" role="group" aria-label=${t('Supplies that can be moved')}>
					${handles.map((one) => html`<${Handle} key=${one.id} of=${one} days=${days} size=${size} onMove=${onMove} />`)}
				</div>
			`}
			<div
				class="chart" ref=${box} role="application" tabindex="0" aria-label=${`${label}. ${t('Arrow keys go from day to day.')}`}
				style=${{ height: `${height}px` }} onPointerMove=${(event) => setAt(under(event))} onPointerLeave=${() => setAt(-1)}
				onKeyDown=${keys} onClick=${(event) => onDay?.(days[under(event)])}>
				${drawn}${size && at >= 0 && at < days.length && html`<i class="cursor" style=${{ left: `${size.x(size.numbers[at])}px` }}></i>`}
			</div>
		</div>
	`;
}

/** @type {any[]} */
const NONE = [];
/** By how many days a key goes. @type {Record<string, number>} */
const STEPS = { ArrowRight: 1, ArrowLeft: -1, PageDown: 7, PageUp: -7 };

/** A supply on the axis; drag it, or use the arrow keys and Enter. */
function Handle({ of, days, size, onMove }) {
	const [moved, setMoved] = useState(0);
	const grip = useRef({ x: 0, on: false });
	useEffect(() => setMoved(0), [of.date]);
	const down = (event) => {
		grip.current = { x: event.clientX, on: true };
		/** @type {Element} */ (event.currentTarget).setPointerCapture(event.pointerId);
	};
	const limit = (by) =>
		Math.max(dayNumber(days[0]) - dayNumber(of.date), Math.min(dayNumber(days[days.length - 1]) - dayNumber(of.date), by));
	const move = (event) => {
		if (!grip.current.on) return;
		const width = size.x(1) - size.x(0);
		const by = limit(Math.round((event.clientX - grip.current.x) / width));
		if (by !== moved) {
			setMoved(by);
			onMove?.(of.id, by, false);
		}
	};
	const up = () => {
		if (grip.current.on && moved) onMove?.(of.id, moved, true);
		grip.current.on = false;
	};
	const keys = (event) => {
		const step = STEPS[event.key];
		if (step) {
			event.preventDefault();
			const by = limit(moved + step);
			setMoved(by);
			onMove?.(of.id, by, false);
		}
		if (event.key === 'Enter' && moved) {
			event.preventDefault();
			onMove?.(of.id, moved, true);
		}
		if (event.key === 'Escape') {
			setMoved(0);
			onMove?.(of.id, 0, false);
		}
	};
	if (!size) return null;
	const to = date(addDays(of.date, moved));
	return html`
		<button
			type="button" class=${`handle ${moved ? 'moved' : ''}`} style=${{ left: `${size.x(dayNumber(of.date) + moved)}px` }}
			title=${`${of.id} · ${of.text} · ${to}`} onPointerDown=${down} onPointerMove=${move} onPointerUp=${up} onKeyDown=${keys}>
			<span class="sr">${t('Move {name}, {text}, now on {date}', { name: of.id, text: of.text, date: to })} </span>
			${moved ? `${moved > 0 ? '+' : ''}${moved}` : html`<span aria-hidden="true">◆</span>`}
		</button>
	`;
}
