import { expect, test } from '../../fixtures/index.ts';
import { marketOn } from '../../fixtures/market.ts';
import { StockHub } from '../../fixtures/stock-hub.ts';

test('two people on two replicas see the same ticks and the same prices', async ({ person, replicas }) => {
  const ada = await person('ada', { on: replicas[0]! });
  const bo = await person('bo', { on: replicas[1]! });
  for (const { stocks, replica } of [ada, bo]) {
    await stocks.visit();
    await expect(stocks.servedBy).toHaveText(replica.name);
    await expect(stocks.state).toContainText('Open');
    await expect(stocks.rows.first()).toBeVisible();
    await stocks.record();
  }
  await expect(ada.stocks.ledBy).toHaveText((await bo.stocks.ledBy.textContent())!);
  const begun = Math.max(await ada.stocks.sequence(), await bo.stocks.sequence());
  for (const { stocks } of [ada, bo]) await expect.poll(() => stocks.sequence()).toBeGreaterThan(begun + 20);

  const seenByBo = new Map((await bo.stocks.recorded()).map(({ sequence, prices }) => [sequence, prices]));
  const both = (await ada.stocks.recorded()).filter(({ sequence }) => seenByBo.has(sequence));
  expect(both.length).toBeGreaterThan(5);
  for (const { sequence, prices } of both) expect(prices, `tick ${sequence}`).toEqual(seenByBo.get(sequence));
  for (const { stocks } of [ada, bo]) {
    await expect(stocks.notes).not.toContainText('missing');
    await expect(stocks.latency).toContainText('95 % in');
  }
});

test('sorts, finds and marks stocks; what was marked is there again after a reload, and for nobody else', async ({
  person,
}) => {
  const { stocks, page } = await person('ada');
  await stocks.visit();
  await expect(stocks.row('ACRN')).toBeVisible();
  expect((await stocks.symbols()).slice(0, 2)).toEqual(['ACRN', 'BRZE']);

  await test.step('by price, the dearest first', async () => {
    await stocks.header('Price').getByRole('button').click();
    await expect(stocks.header('Price')).toHaveAttribute('aria-sort', 'descending');
    await expect.poll(async () => (await stocks.symbols())[0]).toMatch(/WREN|LANT/);
    await stocks.header('Price').getByRole('button').click();
    await expect.poll(async () => (await stocks.symbols())[0]).toMatch(/QULT|INKW/);
  });

  await test.step('by sector, as text', async () => {
    await stocks.search.fill('energy');
    await expect(stocks.rows).toHaveCount(3);
    await expect(page.getByText('3 of 24 stocks')).toBeVisible();
    await stocks.search.fill('');
  });

  await test.step('favourites', async () => {
    await stocks.search.fill('THYM');
    await stocks.star('THYM').click();
    await expect(stocks.star('THYM')).toHaveAttribute('aria-pressed', 'true');
    await page.reload();
    await expect.poll(async () => (await stocks.symbols())[0]).toBe('THYM');
    await stocks.onlyFavourites.click();
    await expect(stocks.rows).toHaveCount(1);
  });

  const bo = await person('bo');
  await bo.stocks.visit();
  await expect(bo.stocks.star('ACRN')).toHaveAttribute('aria-pressed', 'false');
  await bo.stocks.search.fill('THYM');
  await expect(bo.stocks.star('THYM')).toHaveAttribute('aria-pressed', 'false');
});

test('freezes the board, sees how much is held, and goes on with the latest', async ({ person }) => {
  const { stocks } = await person('ada');
  await stocks.visit();
  await expect(stocks.state).toContainText('Open');
  await expect.poll(() => stocks.sequence()).toBeGreaterThan(0);
  await stocks.freeze.click();
  await expect(stocks.held).toContainText('held');
  const frozen = await stocks.prices();
  await expect.poll(async () => parseInt((await stocks.held.textContent()) ?? '', 10)).toBeGreaterThan(8);
  expect(await stocks.prices()).toEqual(frozen);

  await stocks.resume.click();
  await expect.poll(() => stocks.sequence()).toBeGreaterThan(frozen.sequence + 8);
  await expect(stocks.held).toBeHidden();
});

test('takes fewer updates when asked, counts what is folded, and misses nothing', async ({ account, person }) => {
  const bo = await account('bo');
  const { stocks, page } = await person('ada');
  await stocks.visit();
  await expect(stocks.folded).toHaveText('0 ticks folded');
  await stocks.pace.selectOption('1 a second');
  const before = await stocks.sequence();
  await expect.poll(async () => Number(await stocks.folded.getAttribute('data-folded'))).toBeGreaterThan(5);
  const received = Number(await stocks.tick.getAttribute('data-received'));
  await expect.poll(async () => Number(await stocks.tick.getAttribute('data-received'))).toBeGreaterThan(received + 2);
  expect(await stocks.sequence()).toBeGreaterThan(before + 5);
  await expect(stocks.notes).not.toContainText('missing');
  const { sequence } = await marketOn(bo.replica, bo);
  await expect.poll(() => stocks.sequence()).toBeGreaterThanOrEqual(sequence);

  await page.reload();
  await expect(stocks.pace).toHaveValue('1');
});

test('opens a stock with its last hour, follows it, and goes back', async ({ person }) => {
  const { stocks, page } = await person('ada');
  await stocks.visit();
  await stocks.link('EMBR').click();
  await expect(page).toHaveURL(/\/stocks\/EMBR$/);
  await expect(page).toHaveTitle(/EMBR/);
  await expect(stocks.detail.getByRole('heading', { name: 'EMBR' })).toBeFocused();
  await expect(stocks.chart.locator('path.area')).toBeVisible();
  await expect(stocks.rows.first()).toBeVisible();

  await test.step('the chart grows, and does not fill up with what it has drawn before', async () => {
    const points = Number(await stocks.chart.getAttribute('data-points'));
    await expect.poll(async () => Number(await stocks.chart.getAttribute('data-points'))).toBeGreaterThan(points);
    await expect(stocks.chart.locator('path.area')).toHaveCount(1);
    await expect(stocks.detail.getByText('Loading')).toHaveCount(0);
  });

  await test.step('Back, and the focus is where it was', async () => {
    await page.goBack();
    await expect(page).toHaveURL(/\/stocks$/);
    await expect(stocks.detail).toHaveCount(0);
    await expect(stocks.link('EMBR')).toBeFocused();
  });

  await test.step('the address alone leads there', async () => {
    await stocks.visit('/stocks/ACRN');
    await expect(stocks.chart.locator('path.area')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page).toHaveURL(/\/stocks$/);
  });

  await test.step('a stock that there is not', async () => {
    await stocks.visit('/stocks/NONE');
    await expect(stocks.detail).toContainText('There is no stock NONE');
  });
});

test('people who are no administrators see no commands, and the hub refuses them', async ({ account, person }) => {
  const { stocks } = await person('ada');
  await stocks.visit();
  await expect(stocks.state).toContainText('Open');
  for (const button of [stocks.openMarket, stocks.closeMarket, stocks.reset, stocks.audit])
    await expect(button).toBeHidden();

  const bo = await account('bo');
  await using hub = await StockHub.connect(bo.replica.url, () => bo.accessToken);
  for (const method of ['OpenMarket', 'CloseMarket', 'Reset'])
    expect(await hub.refusal(method)).toContain('HubException: forbidden:');
  expect((await bo.request('GET', '/api/stocks/audit')).status).toBe(403);
  expect((await marketOn(bo.replica, bo)).state).toBe('Open');
});

test('a viewer whose network stands still for ten seconds comes back to current prices', async ({
  account,
  person,
  trouble,
}) => {
  const bo = await account('bo');
  trouble.expect(/net::ERR_|WebSocket connection to .* failed/);
  const { stocks, context } = await person('ada');
  await stocks.visit();
  await expect.poll(() => stocks.sequence()).toBeGreaterThan(0);
  await stocks.record();
  await context.setOffline(true);
  const { sequence } = await marketOn(bo.replica, bo);
  await expect(stocks.age).toContainText('Stale');
  // Four ticks a second.
  await expect.poll(async () => (await marketOn(bo.replica, bo)).sequence).toBeGreaterThan(sequence + 42);
  await context.setOffline(false);

  const current = (await marketOn(bo.replica, bo)).sequence;
  await expect.poll(() => stocks.sequence()).toBeGreaterThanOrEqual(current);
  await expect(stocks.age).not.toContainText('Stale');
  const seen = (await stocks.recorded()).map((tick) => tick.sequence);
  expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
  await expect(stocks.notes).not.toContainText('missing');
});
