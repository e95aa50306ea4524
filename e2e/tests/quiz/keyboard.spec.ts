import { expect, test, unique } from '../../fixtures/index.ts';

test('plays without a mouse: digits answer, Enter goes on, and each verdict is spoken', async ({
  category,
  person,
}) => {
  const things = await category([
    { title: `${unique('What')}?`, options: ['Right', 'Wrong'], explanation: 'It just is.' },
    { title: `${unique('Who')}?`, options: ['Right', 'Wrong'], explanation: 'It just is.' },
  ]);
  const { quiz, page } = await person('ada');
  const { keyboard } = page;
  const spoken = page.locator('.cdk-live-announcer-element[aria-live=polite]');
  await quiz.visit(things);
  await expect(quiz.options).toHaveCount(2);

  const rounds = [
    { wanted: 'Wrong', verdict: 'Incorrect', told: 'Incorrect. The right answer is Right.' },
    { wanted: 'Right', verdict: 'Correct', told: 'Correct.' },
  ];
  for (const { wanted, verdict, told } of rounds) {
    const titles = await quiz.options.locator('.words').allInnerTexts();
    await keyboard.press('9');
    await keyboard.press(String(titles.indexOf(wanted) + 1));
    await expect(quiz.verdict).toHaveText(verdict);
    await expect(spoken).toHaveText(`${told} It just is.`);
    await expect(quiz.next).toBeFocused();
    const before = await quiz.title.textContent();
    await keyboard.press('Enter');
    await expect(quiz.title).not.toHaveText(before!);
    await expect(quiz.title).toBeFocused();
  }
  await expect(quiz.score).toContainText('1 of 2 right');

  await test.step('options can be walked to as well', async () => {
    await keyboard.press('Tab');
    await expect(quiz.options.first()).toBeFocused();
    await keyboard.press('Tab');
    await keyboard.press('Space');
    await expect(quiz.score).toContainText(/of 3 right/);
  });
});

test('digits typed elsewhere answer nothing', async ({ category, person }) => {
  const things = await category();
  const { quiz, page } = await person('ada');
  await quiz.visit(things);
  await expect(quiz.options).toHaveCount(3);
  await quiz.category.focus();
  await page.keyboard.press('1');
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Go to a room' })).toBeFocused();
  await page.keyboard.press('1');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(quiz.score).toContainText('0 of 0 right');
  await expect(quiz.option('Right')).toBeEnabled();
});

test('the card turns at once for those who want no motion', async ({ category, person }) => {
  const things = await category();
  const { quiz, page } = await person('ada', { reducedMotion: 'reduce' });
  await quiz.visit(things);
  await quiz.answer('Right');
  await expect(quiz.verdict).toBeVisible();
  const moving = await page.evaluate(() =>
    document
      .getAnimations()
      .filter((animation) => Number(animation.effect?.getComputedTiming().duration) > 20)
      .map((animation) => (animation instanceof CSSTransition ? animation.transitionProperty : 'animation')),
  );
  expect(moving).toEqual([]);
});
