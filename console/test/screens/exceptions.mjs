import { look, open, serve } from '../lib.mjs';

export default {
  'what needs somebody, by what limits it': async () => {
    const server = await serve('allocation-demo', { orders: true });
    const page = await open(server, 'exceptions?by=customer&kind=late');
    await page.settled();
    await page.getByRole('grid', { name: 'groups' }).locator('tbody tr[role=row]').first().waitFor();
    await look(page, 'exceptions');
    await page.done();
  },
};
