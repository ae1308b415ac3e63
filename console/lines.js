// Order lines as people paste them from a spreadsheet, a mail or a file.
import { readDate, readNumber } from './format.js';
import { pasted } from './rows.js';
import { t } from './texts.js';

/** Columns that a pasted table may have, by the names people give them. @type {[string, RegExp][]} */
const HEADS = [
	['item', /^(item|artikel|material|ürün|malzeme|sku|product)/i],
	['quantity', /^(quantity|qty|menge|miktar|anzahl|adet)/i],
	['requestedDate', /(date|datum|tarih|termin)/i],
	['customer', /^(customer|kunde|müşteri)/i],
	['location', /^(location|werk|lager|ort|yer|plant)/i],
	['order', /^(order|auftrag|sipariş)/i],
	['line', /^(line|position|pos|satır)/i],
	['demandClass', /class|klasse|sınıf/i],
];

/** @param {string} text @param {any} rest @returns {{lines: any[], faults: string[]}} */
export function readLines(text, rest) {
	const rows = pasted(text);
	if (!rows.length) return { lines: [], faults: [] };
	const heads = rows[0].map((cell) => HEADS.find(([, pattern]) => pattern.test(cell))?.[0] ?? '');
	const headed = heads.includes('item') && Number.isNaN(readNumber(rows[0][1] ?? ''));
	const names = headed ? heads : ['item', 'quantity', 'requestedDate', 'customer', 'location'];
	const wrong = /** @type {string[]} */ ([]);
	const lines = rows.slice(headed ? 1 : 0).map((cells, at) => {
		const line = /** @type {any} */ ({ ...rest, line: String(at + 1) });
		names.forEach((name, n) => {
			if (name && cells[n]) line[name] = cells[n];
		});
		line.quantity = readNumber(String(line.quantity ?? ''));
		line.requestedDate = readDate(String(line.requestedDate ?? '')) || line.requestedDate;
		if (!line.item || Number.isNaN(line.quantity) || !line.requestedDate)
			wrong.push(t('Line {n}: item, quantity and date are needed.', { n: at + 1 }));
		return line;
	});
	return { lines, faults: wrong };
}
