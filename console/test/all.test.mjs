// One script a screen, in a planner's words; one browser and one server of each snapshot for all of them.
import { after, test } from 'node:test';
import { readdirSync } from 'node:fs';
import { closeAll, failed } from './lib.mjs';

after(closeAll);
const folder = new URL('screens/', import.meta.url);
const only = process.env.ONLY?.split(',');
for (const name of readdirSync(folder).sort()) {
	const key = name.replace('.mjs', '');
	if (only && !only.includes(key)) continue;
	const { default: scripts } = await import(new URL(name, folder));
	for (const [words, script] of Object.entries(scripts)) {
		// One alone, by its whole name: how `.ci/run` asks again for one that has failed.
		if (process.env.ONE && process.env.ONE !== `${key}: ${words}`) continue;
		if (process.env.ONE) console.log(`alone: ${key}: ${words}`);
		test(`${key}: ${words}`, { timeout: 400000 }, async () => {
			try {
				await script();
			} catch (error) {
				await failed(`${key} ${words}`);
				throw error;
			}
		});
	}
}
