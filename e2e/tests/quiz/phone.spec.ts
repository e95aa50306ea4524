import { devices } from '@playwright/test';
import { expectAccessible } from '../../fixtures/axe.ts';
import { expect, test, unique } from '../../fixtures/index.ts';

const { defaultBrowserType: _, ...phone } = devices['Pixel 7'];

test('plays and looks at the results from a phone: nothing cut off, nothing too small', async ({
  category,
  person,
}) => {
  const things = await category([
    {
      title: `${unique('What')}? ${'A question that is as long as questions may be. '.repeat(5)}`,
      options: ['Right', 'Wrong', 'x'.repeat(110), 'Another one', 'One more', 'The last one'],
      explanation: 'It takes some words to explain this one. '.repeat(6),
    },
  ]);
  const { quiz, statistics, page } = await person('ada', phone);
  const sideways = (): Promise<number> =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

  await page.getByRole('link', { name: 'Quiz', exact: true }).tap();
  await expect(quiz.options.first()).toBeVisible();
  await quiz.visit(things);
  await expect(quiz.options).toHaveCount(6);
  expect(await sideways()).toBe(0);
  for (const box of await quiz.options.all()) expect((await box.boundingBox())!.height).toBeGreaterThanOrEqual(44);
  await expectAccessible(page, 'a question on a phone');

  await quiz.option('Wrong').tap();
  await expect(quiz.verdict).toHaveText('Incorrect');
  await expect(quiz.next).toBeInViewport();
  expect(await sideways()).toBe(0);
  await expectAccessible(page, 'a verdict on a phone');

  await page.getByRole('link', { name: 'Statistics' }).tap();
  await expect(statistics.incorrect).toHaveText('1');
  await expect(statistics.bars).toHaveCount(3);
  expect(await sideways()).toBe(0);
  await expectAccessible(page, 'the statistics on a phone');
});
