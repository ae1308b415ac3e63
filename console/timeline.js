// An item on one axis of time: supply up, demand down, what is available as steps; supplies can be dragged to other days.
import { html, useEffect, useRef, useState } from './vendor/preact.js';
import uPlot from './vendor/uplot.js';
import { addDays, date, dayNumber, dayOf, num } from './format.js';
import { locale } from './format.js';
import { theme } from './state.js';
import { t } from './texts.js';

/** @typedef {{label: string, colour: string, values: (number | null)[], how: 'bars' | 'steps' | 'line', dash?: number[], width?: number, bare?: boolean}} Series */

/** A colour of the sheet as the canvas takes it. @param {string} name */
function css(name, alpha = 1) {
  const probe = document.body.appendChild(document.createElement('i'));
  probe.style.color = `var(${name})`;
  const found = getComputedStyle(probe).color;
  probe.remove();
  return alpha < 1 ? found.replace('rgb(', 'rgba(').replace(')', `, ${alpha})`) : found;
}
const dark = matchMedia('(prefers-color-scheme: dark)');

export function Timeline({ days, series, height = 260, label, onDay, marks = [], handles = [], onMove }) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const plot = useRef(/** @type {any} */ (null));
  const [area, setArea] = useState({ left: 0, width: 0 });
  const look = theme.value;
  // What is drawn anew after a change of size or light is what is shown now.
  const now = useRef({ days, series, marks });
  now.current = { days, series, marks };
  const data = () => [now.current.days.map(dayNumber), ...now.current.series.map((one) => one.values)];
  const drawn = `${days[0]} ${days.length} ${series.map((one) => `${one.label}${one.how}`).join()} ${look} ${locale.value} ${height}`;
  useEffect(() => {
    const host = box.current;
    if (!host || !days.length) return undefined;
    const make = () => {
      plot.current?.destroy();
      const soft = css('--soft');
      const axis = { stroke: soft, grid: { stroke: css('--hair'), width: 1 }, ticks: { stroke: css('--line'), size: 4 }, font: '11px Inter, system-ui, sans-serif' };
      const paths = { bars: uPlot.paths.bars({ size: [0.7, 14] }), steps: uPlot.paths.stepped({ align: 1 }), line: uPlot.paths.linear() };
      const options = {
        width: host.clientWidth, height, legend: { show: false }, cursor: { drag: { x: false, y: false }, points: { size: 6 } }, scales: { x: { time: false, range: (_, low, high) => [low - 0.7, high + 0.7] } },
        axes: [{ ...axis, size: 28, values: (_, at) => at.map((one) => (Number.isInteger(one) ? date(dayOf(one)).replace(/[ ,.]*\d{4}$/, '') : '')), space: 64 }, { ...axis, size: 54, values: (_, at) => at.map((one) => num(one, 1)) }],
        series: [{}, ...series.map((one) => ({ label: one.label, stroke: css(one.colour), fill: one.how === 'bars' ? css(one.colour) : one.how === 'steps' && !one.bare ? css(one.colour, 0.12) : undefined, width: one.width ?? (one.how === 'bars' ? 0 : 1.8), dash: one.dash, paths: paths[one.how], points: { show: false } }))],
        hooks: {
          draw: [(u) => { for (const mark of now.current.marks) { const x = u.valToPos(dayNumber(mark.date), 'x', true); u.ctx.save(); u.ctx.strokeStyle = css(mark.colour); u.ctx.lineWidth = 1.5 * devicePixelRatio; u.ctx.setLineDash([]); u.ctx.beginPath(); u.ctx.moveTo(x, u.bbox.top); u.ctx.lineTo(x, u.bbox.top + u.bbox.height); u.ctx.stroke(); u.ctx.restore(); } }],
          ready: [(u) => setArea({ left: u.bbox.left / devicePixelRatio, width: u.bbox.width / devicePixelRatio })],
        },
      };
      plot.current = new uPlot(options, data(), host);
    };
    make();
    const watch = new ResizeObserver(() => { if (plot.current && host.clientWidth && host.clientWidth !== plot.current.width) make(); });
    watch.observe(host);
    dark.addEventListener('change', make);
    return () => { watch.disconnect(); dark.removeEventListener('change', make); plot.current?.destroy(); plot.current = null; };
  }, [drawn]);
  useEffect(() => { plot.current?.setData(data()); }, [series]);
  const [at, setAt] = useState(-1);
  const hover = () => { const n = plot.current?.cursor.idx ?? -1; if (n !== at) setAt(n ?? -1); };
  const keys = (event) => {
    const step = /** @type {Record<string, number>} */ ({ ArrowRight: 1, ArrowLeft: -1, PageDown: 7, PageUp: -7 })[event.key];
    if (step && event.target === event.currentTarget) { event.preventDefault(); const next = Math.max(0, Math.min(days.length - 1, at + step)); setAt(next); onDay?.(days[next]); }
  };
  const shown = at >= 0 && at < days.length ? at : days.length - 1;
  return html`<div><div class="legend" aria-live="off"><b>${days.length ? date(days[shown]) : ''}</b>${series.map((one) => html`<span class=${`c-${one.colour.slice(2)}`}><span class="swatch"></span><span>${one.label} ${num(one.values[shown] ?? 0)}</span></span>`)}</div>
    ${handles.length > 0 && html`<div class="handles" role="group" aria-label=${t('Supplies that can be moved')}>${handles.map((one) => html`<${Handle} key=${one.id} of=${one} days=${days} area=${area} onMove=${onMove} />`)}</div>`}
    <div class="chart" ref=${box} role="application" tabindex="0" aria-label=${`${label}. ${t('Arrow keys go from day to day.')}`} onPointerMove=${hover} onKeyDown=${keys} onClick=${() => { if (at >= 0) onDay?.(days[at]); }}></div></div>`;
}

/** A supply on the axis; drag it, or use the arrow keys and Enter. */
function Handle({ of, days, area, onMove }) {
  const [moved, setMoved] = useState(0);
  const grip = useRef({ x: 0, on: false });
  const width = area.width / (days.length + 0.4);
  const place = (by) => area.left + (dayNumber(of.date) + by - dayNumber(days[0]) + 0.7) * width;
  useEffect(() => setMoved(0), [of.date]);
  const down = (event) => { grip.current = { x: event.clientX, on: true }; /** @type {Element} */ (event.currentTarget).setPointerCapture(event.pointerId); };
  const limit = (by) => Math.max(dayNumber(days[0]) - dayNumber(of.date), Math.min(dayNumber(days[days.length - 1]) - dayNumber(of.date), by));
  const move = (event) => { if (!grip.current.on) return; const by = limit(Math.round((event.clientX - grip.current.x) / width)); if (by !== moved) { setMoved(by); onMove?.(of.id, by, false); } };
  const up = () => { if (grip.current.on && moved) onMove?.(of.id, moved, true); grip.current.on = false; };
  const keys = (event) => {
    const step = /** @type {Record<string, number>} */ ({ ArrowRight: 1, ArrowLeft: -1, PageDown: 7, PageUp: -7 })[event.key];
    if (step) { event.preventDefault(); const by = limit(moved + step); setMoved(by); onMove?.(of.id, by, false); }
    if (event.key === 'Enter' && moved) { event.preventDefault(); onMove?.(of.id, moved, true); }
    if (event.key === 'Escape') { setMoved(0); onMove?.(of.id, 0, false); }
  };
  if (!area.width) return null;
  const to = date(addDays(of.date, moved));
  return html`<button type="button" class=${`handle ${moved ? 'moved' : ''}`} style=${{ left: `${place(moved)}px` }} title=${`${of.id} · ${of.text} · ${to}`}
    onPointerDown=${down} onPointerMove=${move} onPointerUp=${up} onKeyDown=${keys}><span class="sr">${t('Move {name}, {text}, now on {date}', { name: of.id, text: of.text, date: to })} </span>${moved ? `${moved > 0 ? '+' : ''}${moved}` : html`<span aria-hidden="true">◆</span>`}</button>`;
}
