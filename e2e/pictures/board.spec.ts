import { expect, test } from '@playwright/test';
import { Cluster } from '@hubbub/cluster';
import { StocksPage } from '../pages/stocks-page.ts';
import { clusterOptions } from '../setup/cluster-options.ts';
import { sideBySide } from './side-by-side.ts';
import { visit } from './visitor.ts';

/** So many ticks until the trends and the chart have something to show. */
const ticks = 600;

test('the market on two replicas, one page with the details of a stock', async ({ browser }) => {
  await using cluster = await Cluster.start({
    ...clusterOptions(),
    ports: 5001,
    env: { ...clusterOptions().env, Stocks__TickInterval: '00:00:00.100' },
  });
  const [first, second] = cluster.replicas;
  const wide = { width: 1180, height: 880 };
  const ada = await visit(browser, first!.url, '/stocks', { name: 'Ada', colorScheme: 'light', viewport: wide });
  const bo = await visit(browser, second!.url, '/stocks', { name: 'Bo.Larsen', colorScheme: 'dark', viewport: wide });
  const board = new StocksPage(ada);
  await expect
    .poll(async () => Number(await board.tick.getAttribute('data-sequence')), { timeout: 180_000 })
    .toBeGreaterThan(ticks);
  await board.rows.nth(2).getByRole('link').click();
  await expect(board.chart).toBeVisible();
  for (const page of [ada, bo]) await new StocksPage(page).freeze.click();
  await sideBySide(browser, [ada, bo], 'board.png');
});
