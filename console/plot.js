// Figures over days as a drawing: its scales, the lines of its axes, and a path for each way to draw a row of figures.
import { dayNumber } from './format.js';

/** @typedef {{label: string, colour: string, values: (number | null)[], how: 'bars' | 'steps' | 'line',
 *   dash?: string, width?: number, bare?: boolean}} Series */
/** Pixels around the drawing: for the figures on the left and the days below it. */
const EDGE = { left: 56, right: 10, top: 8, bottom: 26 };

/** Round steps, about as many as are wished. @param {number} low @param {number} high @param {number} wished */
export function ticks(low, high, wished) {
	const rough = (high - low || 1) / wished;
	const ten = 10 ** Math.floor(Math.log10(rough));
	const step = ten * ([1, 2, 5].find((one) => one * ten >= rough) ?? 10);
	const first = Math.ceil(low / step - 1e-9);
	const count = Math.floor(high / step + 1e-9) - first;
	return Array.from({ length: count + 1 }, (_, n) => (first + n) * step);
}

/** Where days and figures stand in a drawing of this size. @param {string[]} days @param {Series[]} series */
export function scales(days, series, width, height) {
	const numbers = days.map(dayNumber);
	const [from, to] = [numbers[0] - 0.7, numbers[numbers.length - 1] + 0.7];
	const all = series.flatMap((one) => one.values.map((value) => value ?? 0));
	const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)];
	const room = (high - low || 1) * 0.06;
	const [bottom, top] = [low < 0 ? low - room : 0, high > 0 || !low ? (high || 1) + room : 0];
	const [wide, tall] = [Math.max(1, width - EDGE.left - EDGE.right), height - EDGE.top - EDGE.bottom];
	const x = (number) => EDGE.left + ((number - from) / (to - from)) * wide;
	const y = (value) => EDGE.top + ((top - value) / (top - bottom)) * tall;
	const apart = numbers.length > 1 ? x(numbers[1]) - x(numbers[0]) : wide;
	return { numbers, x, y, apart, bottom, top, left: EDGE.left, right: EDGE.left + wide, floor: EDGE.top + tall, ceiling: EDGE.top, wide };
}

const at = (value) => Math.round(value * 10) / 10;

/** The path of a row of figures, and of the area below it. @param {Series} one @param {ReturnType<typeof scales>} in_ */
export function path(one, in_) {
	const { numbers, x, y, apart, right } = in_;
	const zero = at(y(0));
	if (one.how === 'bars') {
		const half = Math.min(apart * 0.7, 14) / 2;
		const bar = (value, n) => (value ? `M${at(x(numbers[n]) - half)} ${zero}h${at(half * 2)}V${at(y(value))}h${at(-half * 2)}z` : '');
		return { line: one.values.map(bar).join(''), area: '' };
	}
	const points = one.values.flatMap((value, n) => (value === null ? [] : [[at(x(numbers[n])), at(y(value))]]));
	if (!points.length) return { line: '', area: '' };
	// A stock holds until the next day's: a step to the right, then up or down.
	const steps = points.slice(1).map(([px, py]) => (one.how === 'steps' ? `H${px}V${py}` : `L${px} ${py}`));
	const end = one.how === 'steps' ? at(Math.min(right, points[points.length - 1][0] + apart / 2)) : points[points.length - 1][0];
	const line = `M${points[0].join(' ')}${steps.join('')}H${end}`;
	return { line, area: one.how === 'steps' && !one.bare ? `${line}V${zero}H${points[0][0]}z` : '' };
}

/** The days that are written below: about one in so many pixels. @param {ReturnType<typeof scales>} in_ */
export function written(in_, pixels = 76) {
	const every = Math.max(1, Math.ceil(pixels / in_.apart));
	return in_.numbers.flatMap((number, n) => (n % every === 0 && in_.x(number) < in_.right - 12 ? [n] : []));
}

/** The day that is nearest to a place. @param {ReturnType<typeof scales>} in_ @param {number} left */
export function nearest(in_, left) {
	const far = (n) => Math.abs(in_.x(in_.numbers[n]) - left);
	return in_.numbers.reduce((best, _, n) => (far(n) < far(best) ? n : best), 0);
}
