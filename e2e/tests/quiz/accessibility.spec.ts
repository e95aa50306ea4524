import { expectAccessible } from '../../fixtures/axe.ts';
import { expect, test, unique } from '../../fixtures/index.ts';

test('a question, its verdicts and what may go wrong have no accessibility fault', async ({
  category,
  person,
  trouble,
}) => {
  trouble.expect(/net::ERR_/);
  const things = await category([{ title: `${unique('What')}?`, explanation: 'It just is.' }]);
  const { quiz, page } = await person('ada');
  await quiz.visit(things);
  await expect(quiz.option('Right')).toBeVisible();
  await expectAccessible(page, 'a question');

  for (const [title, verdict] of [
    ['Wrong', 'Incorrect'],
    ['Right', 'Correct'],
  ] as const) {
    await quiz.answer(title);
    await expect(quiz.verdict).toHaveText(verdict);
    await expect(quiz.front).toBeHidden();
    await expectAccessible(page, `the verdict: ${verdict}`);
    await quiz.next.click();
    await expect(quiz.option('Right')).toBeEnabled();
  }

  await page.route('**/api/trivia', (route) => route.abort('connectionrefused'));
  await quiz.answer('Right');
  await expect(quiz.retry).toBeVisible();
  await expectAccessible(page, 'an answer that could not be sent');

  await quiz.visit(unique('Nothing'));
  await expect(page.getByRole('button', { name: 'Play all categories' })).toBeVisible();
  await expectAccessible(page, 'no questions');
});

test('the statistics have no accessibility fault, with results and as tables', async ({
  account,
  category,
  person,
}) => {
  const things = await category();
  const bo = await account('bo');
  await bo.answer(await bo.question(things), 'Right');
  const { statistics, page } = await person('ada');
  await page.goto('/quiz/statistics');
  await expect(statistics.bars).toHaveCount(3);
  await expectAccessible(page, 'the statistics');
  for (const title of ['Correct and incorrect', 'Average per user', 'The last hour'])
    await statistics.showAsTable(title);
  await expectAccessible(page, 'the statistics as tables');
});

test('the statistics without results, and the board, have no accessibility fault', async ({
  account,
  category,
  person,
}) => {
  const things = await category();
  const { statistics, page } = await person('ada');
  await statistics.visit(things);
  await expect(statistics.none).toBeVisible();
  await expectAccessible(page, 'no results yet');
  await statistics.visitBoard(things);
  await expect(statistics.none).toBeVisible();
  await expectAccessible(page, 'the board without results');

  const bo = await account('bo');
  await bo.answer(await bo.question(things), 'Right');
  await bo.answer(await bo.question(things), 'Wrong');
  await expect(statistics.incorrect).toHaveText('1');
  await expectAccessible(page, 'the board');
});

test('the keeping of questions has no accessibility fault, in lists and dialogs, with problems in them', async ({
  admin,
  category,
  person,
}) => {
  const title = `${unique('What')}?`;
  await category([{ title }]);
  const { questions, page } = await admin();
  await questions.visit();
  await questions.search.fill(title);
  await expect(questions.items).toHaveCount(1);
  await expectAccessible(page, 'the questions');

  await page.getByRole('button', { name: 'New question' }).click();
  await questions.save();
  await expect(questions.dialog).toContainText('Write the question.');
  await expectAccessible(page, 'a new question with everything missing');
  await page.keyboard.press('Escape');
  await expect(questions.dialog).toBeHidden();

  await questions.retire(title);
  await expect(questions.dialog).toBeVisible();
  await expectAccessible(page, 'retire a question');
  await page.keyboard.press('Escape');
  await expect(questions.dialog).toBeHidden();

  await questions.openImport();
  await questions.choose('bad.csv', 'title,category,explanation,option1,option2,correct\n,Space,,a,b,1\n');
  await expect(questions.dialog.getByRole('table')).toBeVisible();
  await expectAccessible(page, 'an import with errors');
  await questions.choose('bad.json', '{');
  await expect(questions.dialog.getByRole('alert')).toBeVisible();
  await expectAccessible(page, 'an import that cannot be read');

  const ada = await person('ada');
  await ada.questions.visit();
  await expect(ada.page.getByRole('heading', { name: 'Questions are kept by administrators' })).toBeVisible();
  await expectAccessible(ada.page, 'for administrators only');
});
