import { expect, test } from '../../fixtures/index.ts';

test('sorts, walks the rows, marks one, opens it and comes back without a mouse', async ({ person }) => {
  const { stocks, page } = await person('ada');
  const { keyboard } = page;
  await stocks.visit();
  await expect(stocks.row('ACRN')).toBeVisible();

  await stocks.header('Stock').getByRole('button').focus();
  await keyboard.press('Enter');
  await expect(stocks.header('Stock')).toHaveAttribute('aria-sort', 'descending');
  await keyboard.press('Enter');
  await expect(stocks.header('Stock')).toHaveAttribute('aria-sort', 'ascending');

  await test.step('Tab leads to one row, the arrows to the others', async () => {
    await stocks.header('Trend').getByRole('button').focus();
    await keyboard.press('Tab');
    await expect(stocks.star('ACRN')).toBeFocused();
    await keyboard.press('Tab');
    await expect(stocks.link('ACRN')).toBeFocused();
    await keyboard.press('ArrowDown');
    await expect(stocks.link('BRZE')).toBeFocused();
    await keyboard.press('End');
    await expect(stocks.link('YARR')).toBeFocused();
    await expect(stocks.row('YARR')).toBeInViewport({ ratio: 1 });
    await keyboard.press('Home');
    await expect(stocks.link('ACRN')).toBeFocused();
    await keyboard.press('ArrowDown');
  });

  await test.step('rows stay where they are while one of them has the focus', async () => {
    await expect(stocks.link('BRZE')).toBeFocused();
    await keyboard.press('Shift+Tab');
    await expect(stocks.star('BRZE')).toBeFocused();
    await keyboard.press('Space');
    await expect(stocks.star('BRZE')).toHaveAttribute('aria-pressed', 'true');
  });

  await stocks.link('BRZE').focus();
  await keyboard.press('Enter');
  await expect(stocks.detail.getByRole('heading', { name: 'BRZE' })).toBeFocused();
  await keyboard.press('Escape');
  await expect(stocks.detail).toHaveCount(0);
  await expect(stocks.link('BRZE')).toBeFocused();
});
