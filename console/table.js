// A table of any length: only visible rows are in the document; sort, filters and columns stand in the address.
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from './vendor/preact.js';
import { asCurl, asGrpcurl } from './api.js';
import { Check } from './form.js';
import { date, num } from './format.js';
import { csv, filtered, sorted, valueOf, widths } from './rows.js';
import { phone, route, setParams } from './state.js';
import { cap, t } from './texts.js';
import { Do, Menu, copy, download } from './ui.js';

/** @typedef {import('./rows.js').Column} Column */
/** @typedef {{id: string, label: string, columns: Column[], rows: any[], total?: number, more?: () => void, all?: () => Promise<any[]>,
 *   remote?: boolean, ask?: [string, any], open?: (row: any) => void, pick?: Set<string>, keyOf?: (row: any) => string,
 *   onPick?: (picked: Set<string>) => void, empty?: any, tall?: boolean, tools?: any, look?: (row: any) => string}} Props */

const ROW = 32;
/** How a filter may be written. */
const HINTS = { num: '> < ..', date: '>= ..', text: '…' };

/** @param {Column} column @param {any} row */
function cell(column, row) {
	if (column.show) return column.show(row);
	const value = valueOf(column, row);
	if (value === undefined || value === null || value === '') return '';
	if (column.kind === 'date') return html`<time datetime=${value}>${date(value)}</time>`;
	return column.kind === 'num' ? num(value) : value;
}

/** What the address says of a table: sort, filters, columns. @param {string} id @param {Column[]} columns */
export function shape(id, columns) {
	const params = route.value.params;
	const sort = params[`${id}-s`] ?? '';
	const chosen = params[`${id}-c`]?.split('.');
	const shown = columns.filter((column) => (chosen ? chosen.includes(column.key) : phone.value ? column.narrow : !column.hide));
	const filters = Object.fromEntries(columns.map((column) => [column.key, params[`${id}.${column.key}`] ?? '']));
	return {
		sort: sort.replace(/^-/, ''),
		down: sort.startsWith('-'),
		shown: shown.length ? shown : columns.slice(0, 3),
		filters,
		filtering: `${id}-f` in params || Object.values(filters).some(Boolean),
	};
}

/** What can be done with the whole table: its filters, its columns, its rows as a file, its question for a terminal.
 * @param {{of: Props, shown: Column[], filtering: boolean, view: any[]}} props */
function Tools({ of, shown, filtering, view }) {
	const { id, columns, ask } = of;
	const filter = () => {
		const without = Object.fromEntries(columns.map((column) => [`${id}.${column.key}`, '']));
		setParams(filtering ? { [`${id}-f`]: '', ...without } : { [`${id}-f`]: '1' });
	};
	/** With a column more, or without it. */
	const turn = (column) => {
		const chosen = columns.filter((one) => (one === column ? !shown.includes(one) : shown.includes(one)));
		setParams({ [`${id}-c`]: chosen.map((one) => one.key).join('.') });
	};
	return html`
		<button type="button" class="quiet" aria-pressed=${filtering ? 'true' : 'false'} onClick=${filter}>${t('Filter')}</button>
		<${Menu} class="right" label=${t('Columns')}>
			<fieldset>
				<legend>${t('Columns')}</legend>
				${columns.map((column) => html`<${Check} label=${cap(column.title)} checked=${shown.includes(column)} on=${() => turn(column)} />`)}
			</fieldset>
		<//>
		<${Do}
			class="quiet" run=${async () => download(`${id}.csv`, csv(shown, of.all ? await of.all() : view))}
			title=${t('All rows, not only those that are seen')}>
			CSV
		<//>
		${ask && html`
			<${Menu} class="right" label=${t('Copy as')}>
				<button type="button" onClick=${() => copy(asCurl(...ask))}>curl</button>
				<button type="button" onClick=${() => copy(asGrpcurl(...ask))}>grpcurl</button>
			<//>
		`}
	`;
}

export function Table(/** @type {Props} */ props) {
	const { id, label, columns, rows, remote, more, pick, onPick, keyOf = (row) => row.id } = props;
	const { sort, down, shown, filters, filtering } = shape(id, columns);
	const filterKey = JSON.stringify(filters);
	const view = useMemo(
		() =>
			remote
				? rows
				: sorted(
						filtered(rows, columns, filters),
						columns.find((column) => column.key === sort),
						down,
					),
		[rows, columns, sort, down, filterKey, remote],
	);
	const total = remote ? (props.total ?? rows.length) : view.length;
	const box = useRef(/** @type {HTMLDivElement | null} */ (null));
	const [first, setFirst] = useState(0);
	const [active, setActive] = useState(-1);
	const height = box.current?.clientHeight || 640;
	const count = Math.ceil(height / ROW) + 24;
	const from = Math.max(0, Math.min(first - 8, view.length - count));
	const visible = view.slice(from, from + count);
	const spread = useMemo(() => {
		const all = widths(shown, view);
		const sum = all.reduce((a, b) => a + b, 0);
		return { sum, of: all.map((one) => (one * 100) / sum) };
	}, [shown.map((column) => column.key).join(), view.length > 0, rows]);
	useEffect(() => {
		if (more && from + count > view.length - 40 && view.length < total) more();
	}, [from, view.length, total]);
	useLayoutEffect(() => {
		if (box.current) box.current.scrollTop = 0;
		setFirst(0);
	}, [sort, down, filterKey]);

	const by = (column) => setParams({ [`${id}-s`]: sort === column.key ? (down ? '' : `-${column.key}`) : column.key });
	const move = (to) => {
		const next = Math.max(0, Math.min(view.length - 1, to));
		setActive(next);
		const area = box.current;
		if (!area) return;
		const top = next * ROW;
		if (top < area.scrollTop) area.scrollTop = top;
		else if (top + 2 * ROW > area.scrollTop + area.clientHeight - ROW) area.scrollTop = top + 3 * ROW - area.clientHeight;
	};
	const keys = (event) => {
		if (event.target !== box.current) return;
		const page = Math.floor((box.current?.clientHeight ?? 320) / ROW) - 2;
		const step = /** @type {Record<string, number>} */ ({
			ArrowDown: active + 1,
			ArrowUp: active - 1,
			PageDown: active + page,
			PageUp: active - page,
			Home: 0,
			End: view.length - 1,
		})[event.key];
		if (step !== undefined) {
			event.preventDefault();
			move(step);
		}
		if (event.key === 'Enter' && view[active]) props.open?.(view[active]);
		if (event.key === ' ' && pick && view[active]) {
			event.preventDefault();
			toggle(view[active]);
		}
	};
	const toggle = (row) => {
		const next = new Set(pick);
		const key = keyOf(row);
		if (!next.delete(key)) next.add(key);
		onPick?.(next);
	};
	const everything = pick && view.length > 0 && view.every((row) => pick.has(keyOf(row)));
	const rowId = (at) => `${id}-row-${at}`;

	return html`
		<div class="table">
			<div class="table-bar">
				<span class="count"><b>${num(total)}</b> ${label}${pick?.size ? html` · <b>${num(pick.size)}</b> ${t('picked')}` : ''}</span>
				<span class="tools">${props.tools}<${Tools} of=${props} shown=${shown} filtering=${filtering} view=${view} /></span>
			</div>
			<div
				class=${`scroll ${props.tall ? 'tall' : ''}`} ref=${box} tabindex="0" role="group" aria-label=${label} onKeyDown=${keys}
				aria-activedescendant=${active >= 0 ? rowId(active) : undefined}
				onScroll=${(event) => {
					const at = Math.floor(event.target.scrollTop / ROW);
					if (Math.abs(at - first) > 4) setFirst(at);
				}}>
				<table
					role="grid" aria-label=${label} aria-rowcount=${total + 1} aria-colcount=${shown.length}
					style=${{ minWidth: `${(spread.sum + (pick ? 4 : 0)) * 0.5}rem` }}>
					<colgroup>
						${pick && html`<col style=${{ width: '2.2rem' }} />`}${spread.of.map((width) => html`<col style=${{ width: `${width}%` }} />`)}
					</colgroup>
					<thead>
						<tr role="row" aria-rowindex="1">
							${pick && html`
								<th class="tick" scope="col">
									<input
										type="checkbox" aria-label=${t('Pick all')} checked=${everything}
										onChange=${() => onPick?.(new Set(everything ? [] : view.map(keyOf)))} />
								</th>
							`}
							${shown.map((column) => html`
								<th
									scope="col" class=${column.kind === 'num' ? 'num' : ''}
									aria-sort=${sort === column.key ? (down ? 'descending' : 'ascending') : 'none'}>
									<button type="button" class="sort" title=${column.title} onClick=${() => by(column)} disabled=${remote && !column.order}>
										${cap(column.title)}<span class="arrow" aria-hidden="true">${sort === column.key ? (down ? '▼' : '▲') : ''}</span>
									</button>
								</th>
							`)}
						</tr>
						${filtering && html`
							<tr role="row" class="filters">
								${pick && html`<th></th>`}
								${shown.map((column) => html`
									<th>
										<input
											type="text" aria-label=${t('Filter {name}', { name: column.title })} placeholder=${HINTS[column.kind ?? 'text']}
											value=${filters[column.key]} disabled=${remote && !column.order}
											onInput=${(event) => setParams({ [`${id}.${column.key}`]: event.target.value, [`${id}-f`]: '1' })} />
									</th>
								`)}
							</tr>
						`}
					</thead>
					<tbody>
						${from > 0 && html`<tr class="spacer" aria-hidden="true" style=${{ height: `${from * ROW}px` }}></tr>`}
						${visible.map((row, at) => html`
							<tr
								role="row" key=${from + at} id=${rowId(from + at)} aria-rowindex=${from + at + 2}
								aria-selected=${pick ? (pick.has(keyOf(row)) ? 'true' : 'false') : undefined}
								class=${`${from + at === active ? 'active' : ''} ${props.look?.(row) ?? ''}`}
								onClick=${(event) => {
									setActive(from + at);
									if (!event.target.closest('a,button,input')) props.open?.(row);
								}}>
								${pick && html`
									<td class="tick">
										<input
											type="checkbox" aria-label=${t('Pick {name}', { name: keyOf(row) })} checked=${pick.has(keyOf(row))}
											onChange=${() => toggle(row)} />
									</td>
								`}
								${shown.map((column) => html`
									<td class=${column.kind === 'num' ? 'num' : ''} title=${column.show ? undefined : String(valueOf(column, row) ?? '')}>
										${cell(column, row)}
									</td>
								`)}
							</tr>
						`)}
						${from + visible.length < view.length && html`
							<tr class="spacer" aria-hidden="true" style=${{ height: `${(view.length - from - visible.length) * ROW}px` }}></tr>
						`}
					</tbody>
				</table>
				${view.length === 0 && html`
					<div class="state empty">${rows.length ? t('No row passes the filter.') : (props.empty ?? t('Nothing here.'))}</div>
				`}
			</div>
		</div>
	`;
}
