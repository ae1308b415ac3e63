import assert from 'node:assert/strict';
import { look, open, serve } from '../lib.mjs';

export default {
  'I make a scenario, change a supply in it, compare it with live, and forget it': async () => {
    const server = await serve('allocation-demo', { orders: true });
    const page = await open(server, 'scenarios?new=1');
    await page.getByRole('dialog').getByLabel('Name').fill('bikes two weeks late');
    await page.getByRole('button', { name: 'Make it' }).click();
    await page.waitForFunction(() => /scenario=/.test(location.hash));
    await page.getByLabel('supply', { exact: true }).fill('WO-72501');
    await page.getByLabel('days', { exact: true }).fill('14');
    await page.getByRole('button', { name: 'Change it in this scenario' }).click();
    await page.getByText('Changed in the scenario.').waitFor();
    await look(page, 'scenarios');
    await page.getByRole('link', { name: 'Compare with live' }).click();
    await page.getByRole('heading', { name: 'Compare' }).waitFor();
    await page.settled();
    const told = await server.ask('ScenarioService/Compare', { scenarioId: new URL(page.url()).hash.match(/a=([^&]+)/)[1] });
    assert.equal(await page.locator('.tile', { hasText: 'Worse off' }).locator('.tile-value').innerText(), String(told.losers ?? 0));
    await look(page, 'compare');
    await page.done();
  },
};
