import { look, open, serve } from '../lib.mjs';

export default {
  'value by class, and what limits': async () => {
    const server = await serve('adventureworks', { orders: true });
    const page = await open(server, 'figures');
    await page.settled();
    await page.getByRole('grid', { name: 'rows' }).locator('tbody tr[role=row]').first().waitFor();
    await look(page, 'figures');
    await page.done();
  },
};
