import { devices } from '@playwright/test';
import { expectAccessible } from '../../fixtures/axe.ts';
import { expect, test } from '../../fixtures/index.ts';

const { defaultBrowserType: _, ...phone } = devices['Pixel 7'];

test('looks at stocks on a phone: nothing is cut off, one page at a time', async ({ person }) => {
  const { stocks, page } = await person('ada', phone);
  const sideways = (): Promise<number> =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await stocks.visit();
  await expect(stocks.row('ACRN')).toBeInViewport({ ratio: 1 });
  await expect(stocks.price('ACRN')).toBeVisible();
  expect(await sideways()).toBe(0);
  await expect(stocks.servedBy).toBeHidden();
  await stocks.more.tap();
  await expect(stocks.servedBy).toBeVisible();
  await expectAccessible(page, 'the board on a phone');

  await stocks.link('BRZE').tap();
  await expect(stocks.chart.locator('path.area')).toBeVisible();
  await expect(stocks.table).toBeHidden();
  expect(await sideways()).toBe(0);
  await expectAccessible(page, 'a stock on a phone');
  await page.getByRole('link', { name: 'Back to all stocks' }).tap();
  await expect(stocks.row('BRZE')).toBeInViewport();
});
