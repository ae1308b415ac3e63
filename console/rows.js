// What a table does with its rows before it shows them: filter, sort, widths, CSV. No page, no state.
import { decimalSign, readDate, readNumber } from './format.js';

/** A column: `get` gives what is sorted, filtered and written to files (the field of its name if not given), `show` what is seen.
 * @typedef {{key: string, title: string, get?: (row: any) => any, show?: (row: any) => any, kind?: 'text' | 'num' | 'date',
 *   hide?: boolean, narrow?: boolean, width?: number, order?: string}} Column */

/** What a row has in a column. @param {Column} column @param {any} row */
export const valueOf = (column, row) => (column.get ? column.get(row) : row[column.key]);

/** @param {Column} column @param {any} value */
const plain = (column, value) => (column.kind === 'num' ? Number(value ?? 0) : String(value ?? '').toLowerCase());

/** What a filter cell asks: a part of a text, `=text`, `>5`, `<=2014-05-01`, `2..9`, `!text`, several parts by `|`.
 * @param {Column} column @param {string} asked @returns {(row: any) => boolean} */
export function condition(column, asked) {
	const text = asked.trim().toLowerCase();
	const value = (part) => (column.kind === 'num' ? readNumber(part) : column.kind === 'date' ? readDate(part) || part.trim() : part.trim());
	const range = /^(.+)\.\.(.+)$/.exec(text);
	if (range) {
		const [low, high] = [value(range[1]), value(range[2])];
		return (row) => {
			const is = plain(column, valueOf(column, row));
			return low <= is && is <= high;
		};
	}
	const compared = /^(<=|>=|<|>|=)(.+)$/.exec(text);
	if (compared) {
		const limit = value(compared[2]);
		const test = {
			'<=': (a) => a <= limit,
			'>=': (a) => a >= limit,
			'<': (a) => a < limit,
			'>': (a) => a > limit,
			'=': (a) => a === limit,
		}[compared[1]];
		return (row) => !!test?.(plain(column, valueOf(column, row)));
	}
	if (column.kind === 'num') {
		const wanted = readNumber(text);
		return (row) => plain(column, valueOf(column, row)) === wanted;
	}
	if (text.startsWith('!'))
		return (row) =>
			!String(valueOf(column, row) ?? '')
				.toLowerCase()
				.includes(text.slice(1));
	const parts = text
		.split('|')
		.map((part) => part.trim())
		.filter(Boolean);
	const dated = column.kind === 'date' ? readDate(text) : '';
	return (row) => {
		const is = String(valueOf(column, row) ?? '').toLowerCase();
		return dated ? is.startsWith(dated) : parts.some((part) => is.includes(part));
	};
}

/** @param {any[]} rows @param {Column[]} columns @param {Record<string, string>} filters */
export function filtered(rows, columns, filters) {
	const tests = columns.filter((column) => filters[column.key]?.trim()).map((column) => condition(column, filters[column.key]));
	return tests.length ? rows.filter((row) => tests.every((test) => test(row))) : rows;
}

/** @param {any[]} rows @param {Column | undefined} column @param {boolean} down */
export function sorted(rows, column, down) {
	if (!column) return rows;
	const way = down ? -1 : 1;
	const collator = new Intl.Collator(undefined, { numeric: true });
	const keyed = rows.map((row, at) => ({ row, at, key: valueOf(column, row) }));
	const empty = (key) => key === undefined || key === null || key === '';
	keyed.sort((a, b) => {
		if (empty(a.key) || empty(b.key)) return Number(empty(a.key)) - Number(empty(b.key)) || a.at - b.at;
		const order =
			column.kind === 'num'
				? a.key - b.key
				: column.kind === 'date'
					? a.key < b.key
						? -1
						: a.key > b.key
							? 1
							: 0
					: collator.compare(a.key, b.key);
		return way * order || a.at - b.at;
	});
	return keyed.map((one) => one.row);
}

/** What is around the text of a cell, in characters. */
const AROUND = 3;

/** Widths in characters, by what the first rows hold. @param {Column[]} columns @param {any[]} rows */
export function widths(columns, rows) {
	const sample = rows.slice(0, 150);
	return columns.map((column) => {
		if (column.width) return column.width + AROUND;
		const longest = sample.reduce((most, row) => Math.max(most, String(valueOf(column, row) ?? '').length), 0);
		const by = { date: 13, num: Math.min(longest + 2 + Math.floor(longest / 3), 14), text: Math.min(Math.ceil(longest * 1.3) + 1, 36) };
		return Math.max(by[column.kind ?? 'text'], Math.min(column.title.length + 2, 16), 4) + AROUND;
	});
}

/** All rows as CSV that a spreadsheet of the reader's country opens by itself; no cell can be a formula.
 * @param {Column[]} columns @param {any[]} rows */
export function csv(columns, rows) {
	const sign = decimalSign();
	const separator = sign === ',' ? ';' : ',';
	const cell = (column, row) => {
		const value = valueOf(column, row);
		if (value === undefined || value === null) return '';
		if (column.kind === 'num') return String(value).replace('.', sign);
		const text = /^[=+\-@\t]/.test(String(value)) ? `'${value}` : String(value);
		return /["\n\r]/.test(text) || text.includes(separator) ? `"${text.replaceAll('"', '""')}"` : text;
	};
	const lines = [
		columns.map((column) => column.title).join(separator),
		...rows.map((row) => columns.map((column) => cell(column, row)).join(separator)),
	];
	return `\ufeff${lines.join('\r\n')}\r\n`;
}

/** Lines pasted from a spreadsheet, a mail or a file, as cells. @param {string} text */
export function pasted(text) {
	const lines = text.split(/\r?\n/).filter((line) => line.trim());
	const sign = ['\t', ';', ','].find((one) => lines[0]?.includes(one)) ?? /\s{2,}|\s/;
	return lines.map((line) => line.split(sign).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1')));
}
