import assert from 'node:assert/strict';
import { look, open, serve } from '../lib.mjs';

export default {
  'what serves, how old it is, and what a late purchase order would mean': async () => {
    const server = await serve('allocation-demo', { orders: true });
    const page = await open(server, 'data');
    await page.getByText('allocation-demo-2014-04-01').first().waitFor();
    await page.getByLabel('Rows of changes').fill('change,supply,days\nsupply_moved,WO-72501,14');
    await page.getByRole('button', { name: 'Look first' }).click();
    await page.getByText(/at risk by it/).waitFor();
    const told = await server.ask('SnapshotService/ApplyChanges', { changes: [{ change: 'supply_moved', cells: { supply: 'WO-72501', days: '14' } }], validateOnly: true });
    assert.match(await page.getByText(/at risk by it/).innerText(), new RegExp(`^${told.atRisk.length} `));
    await look(page, 'data');
    await page.done();
  },
};
