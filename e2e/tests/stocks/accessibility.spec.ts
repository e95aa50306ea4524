import { expectAccessible } from '../../fixtures/axe.ts';
import { expect, test } from '../../fixtures/index.ts';

test('the board has no accessibility fault, as it is and sorted, with a favourite, frozen', async ({ person }) => {
  const { stocks, page } = await person('ada');
  await stocks.visit();
  await expect(stocks.rows.first()).toBeVisible();
  await expectAccessible(page, 'the board');

  await stocks.star('BRZE').click();
  await stocks.header('Price').getByRole('button').click();
  await stocks.freeze.click();
  await expect(stocks.held).toBeVisible();
  await expectAccessible(page, 'sorted, with a favourite, frozen');
});

test('a board on which nothing is found, or that is stale, has no accessibility fault', async ({ person, trouble }) => {
  trouble.expect(/net::ERR_|WebSocket connection to .* failed/);
  const { stocks, page, context } = await person('ada');
  await stocks.visit();
  await expect(stocks.rows.first()).toBeVisible();
  await stocks.search.fill('no stock is called this');
  await expect(page.getByText('No stock is like that.')).toBeVisible();
  await expectAccessible(page, 'nothing found');
  await stocks.search.fill('');

  await context.setOffline(true);
  await expect(stocks.age).toContainText('Stale');
  await expectAccessible(page, 'stale');
});

test('a stock has no accessibility fault, nor has one that there is not', async ({ person }) => {
  const { stocks, page } = await person('ada');
  await stocks.visit('/stocks/EMBR');
  await expect(stocks.chart.locator('path.area')).toBeVisible();
  await expectAccessible(page, 'a stock');
  await stocks.visit('/stocks/NONE');
  await expect(stocks.detail).toContainText('There is no stock NONE');
  await expectAccessible(page, 'no such stock');
});

test('what administrators see has no accessibility fault', async ({ admin }) => {
  const { stocks, page } = await admin();
  await stocks.visit();
  await expect(stocks.closeMarket).toBeVisible();
  await expectAccessible(page, 'the board of an administrator');
  await stocks.audit.click();
  await expect(stocks.dialog).toContainText('Audit');
  await expectAccessible(page, 'the audit');
});

test('nothing moves by itself for those who want no motion', async ({ person }) => {
  const { stocks, page } = await person('ada', { reducedMotion: 'reduce' });
  await stocks.visit();
  await stocks.record();
  const begun = await stocks.sequence();
  await expect.poll(() => stocks.sequence()).toBeGreaterThan(begun + 4);
  const moving = await page.evaluate(() =>
    document
      .getAnimations()
      .filter((animation) => {
        const timing = animation.effect?.getComputedTiming();
        return animation.playState === 'running' && Number(timing?.duration) > 20;
      })
      .map((animation) => (animation instanceof CSSAnimation ? animation.animationName : 'another')),
  );
  expect(moving).toEqual([]);
  await expect(stocks.tapeButton).toBeHidden();
});

test('the ticker runs, is stopped, and stays so', async ({ person }) => {
  const { stocks, page } = await person('ada', { reducedMotion: 'no-preference' });
  await stocks.visit();
  const runs = (): Promise<boolean> =>
    stocks.tape.evaluate((tape) => tape.getAnimations().some(({ playState }) => playState === 'running'));
  await expect.poll(runs).toBe(true);
  await stocks.tapeButton.click();
  await expect.poll(runs).toBe(false);
  await page.reload();
  await expect(stocks.tapeButton).toHaveAccessibleName('Let the ticker run');
  expect(await runs()).toBe(false);
});
