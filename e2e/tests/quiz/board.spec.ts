import { expect, test } from '../../fixtures/index.ts';

const screens = [
  { name: 'a projector', width: 1280, height: 720 },
  { name: 'a large screen', width: 1920, height: 1080 },
  { name: 'an old projector', width: 1024, height: 768 },
  { name: 'a phone', width: 390, height: 844 },
];

for (const { name, ...viewport } of screens) {
  test(`the board fills ${name}: big numbers, no bars, nothing to scroll`, async ({ account, category, person }) => {
    const things = await category();
    const bo = await account('bo');
    await bo.answer(await bo.question(things), 'Right');
    const { statistics, page } = await person('ada', { viewport });
    await statistics.visitBoard(things);
    await expect(statistics.correct).toHaveText('1');
    await expect(statistics.bars).toHaveCount(3);
    await expect(page.getByRole('navigation')).toHaveCount(0);

    const sizes = await page.evaluate(() => {
      const scrollable = [...document.querySelectorAll('app-board-page, app-board-page *')].filter(
        (element) =>
          element.scrollHeight > element.clientHeight + 1 &&
          ['auto', 'scroll'].includes(getComputedStyle(element).overflowY),
      );
      const number = document.querySelector('[data-testid=correct]')!;
      return {
        down: document.documentElement.scrollHeight - innerHeight,
        sideways: document.documentElement.scrollWidth - innerWidth,
        scrollable: scrollable.map(({ className }) => String(className)),
        number: parseFloat(getComputedStyle(number).fontSize) / innerHeight,
      };
    });
    expect(sizes).toMatchObject({ down: 0, sideways: 0, scrollable: [] });
    expect(sizes.number, 'the numbers are large').toBeGreaterThan(0.045);
    for (const part of ['Correct and incorrect', 'Average per user', 'The last hour']) {
      await expect(statistics.figure(part)).toBeInViewport({ ratio: 1 });
    }

    await test.step('and it moves', async () => {
      await expect(statistics.live).toHaveAttribute('data-state', 'connected');
      await bo.answer(await bo.question(things), 'Wrong');
      await expect(statistics.incorrect).toHaveText('1');
    });
  });
}

test('the page leads to the board, in the same category, and Escape leads back', async ({ category, person }) => {
  const things = await category();
  const { statistics, page } = await person('ada');
  await statistics.visit(things);
  await statistics.board.click();
  await expect(page).toHaveURL(new RegExp(`/quiz/board\\?category=${things}$`));
  await expect(page.getByRole('heading', { level: 1 })).toContainText(things);
  await expect(statistics.none).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(new RegExp(`/quiz/statistics\\?category=${things}$`));
  await expect(statistics.live).toHaveAttribute('data-state', 'connected');
});
