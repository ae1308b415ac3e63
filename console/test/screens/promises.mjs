import assert from 'node:assert/strict';
import { look, open, serve } from '../lib.mjs';

export default {
  'all promises are there, and only visible rows are in the document': async () => {
    const server = await serve('adventureworks', { orders: true });
    const page = await open(server, 'promises');
    const grid = page.getByRole('grid', { name: 'promises' });
    await grid.locator('tbody tr[role=row]').first().waitFor();
    assert.ok(await grid.locator('tbody tr').count() < 80);
    await look(page, 'promises');
    await page.done();
  },
  'I choose a customer and an item, open one, and go back to the same list': async () => {
    const server = await serve('adventureworks', { orders: true });
    const page = await open(server, 'promises?item=HL-U509-B');
    const rows = page.getByRole('grid', { name: 'promises' }).locator('tbody tr[role=row]');
    await rows.first().waitFor();
    await page.settled();
    await rows.first().locator('td').nth(4).click();
    await page.waitForFunction(() => /#\/promise\//.test(location.hash));
    await page.getByText('Its life').waitFor();
    await page.goBack();
    await rows.first().waitFor();
    assert.match(page.url(), /item=HL-U509-B/);
    await page.done();
  },
  'columns, CSV of all rows and the question as curl': async () => {
    const server = await serve('allocation-demo', { orders: true });
    const page = await open(server, 'promises');
    await page.getByRole('grid').locator('tbody tr[role=row]').first().waitFor();
    await page.getByText('Columns', { exact: true }).first().click();
    await page.getByLabel('Priority').check();
    assert.match(page.url(), /p-c=/);
    await page.keyboard.press('Escape');
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'CSV' }).click()]);
    const { readFileSync } = await import('node:fs');
    const text = readFileSync(await file.path(), 'utf8');
    assert.equal(text.trim().split('\r\n').length, 1 + 8, 'a header and all 8 promises');
    await page.getByText('Copy as').click();
    await page.getByRole('button', { name: 'curl', exact: true }).click();
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^curl -s http:\/\/127\.0\.0\.1.*PromiseService\/List/);
    await page.done();
  },
};
