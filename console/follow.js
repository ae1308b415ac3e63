// Follows live by its event feed: what is on the screen is asked again when it has changed.
import { Refused, refreshStatus, stream, waitForServer } from './api.js';
import { events, position, status, tick } from './state.js';

/** Follows live: by its event feed, or without the right to it by asking for its position. */
export async function follow() {
	/** @type {any} */ let timer = null;
	const changed = () => {
		timer ??= setTimeout(() => {
			timer = null;
			tick.value += 1;
			refreshStatus();
		}, 400);
	};
	// From a position that was told: what happens before the stream is there is told by it too.
	let last = -1;
	let ledger = '';
	for (;;) {
		try {
			await refreshStatus();
			const is = status.peek()?.version;
			if (is && (last < 0 || is.ledger !== ledger)) {
				ledger = is.ledger ?? '';
				last = Number(is.sequence ?? 0);
				position.value = last;
			}
			await stream(
				'EventService/Watch',
				last < 0 ? {} : { fromSequence: String(last + 1) },
				(event) => {
					last = Number(event.sequence ?? last);
					position.value = Math.max(position.peek(), last);
					events.value = [event, ...events.peek()].slice(0, 200);
					changed();
				},
				new AbortController().signal,
			);
		} catch (error) {
			if (error instanceof Refused && error.code === 'out_of_range') {
				last = -1;
				changed();
			}
			if (!(error instanceof Refused)) await waitForServer();
			// Without the right to watch, or before a token is given: by position.
			if (error instanceof Refused && /permission_denied|unauthenticated/.test(error.code)) {
				await refreshStatus();
				if (error.code === 'permission_denied') {
					await poll(changed);
					return;
				}
			}
		}
		await new Promise((resolve) => {
			setTimeout(resolve, 300);
		});
	}
}

/** @param {() => void} changed */
async function poll(changed) {
	for (;;) {
		const before = position.peek();
		await new Promise((resolve) => {
			setTimeout(resolve, document.hidden ? 15000 : 2500);
		});
		await refreshStatus();
		if (position.peek() !== before) changed();
	}
}
