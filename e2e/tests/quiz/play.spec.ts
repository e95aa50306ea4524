import { expect, test, unique } from '../../fixtures/index.ts';

test('answers wrong and then right: the card turns, the right answer is marked in words, and the score counts', async ({
  category,
  person,
}) => {
  const titles = [`${unique('First')}?`, `${unique('Second')}?`];
  const things = await category(titles.map((title) => ({ title, explanation: `Because of ${title}` })));
  const { quiz, page } = await person('ada');
  await page.getByRole('link', { name: 'Quiz', exact: true }).click();
  await expect(quiz.options.first()).toBeVisible();
  await quiz.category.selectOption({ value: things });
  await expect(page).toHaveURL(new RegExp(`category=${things}$`));
  await expect(quiz.title).toHaveText(new RegExp(titles.map((title) => title.replace('?', '\\?')).join('|')));
  const first = await quiz.title.innerText();

  await quiz.answer('Wrong');
  await expect(quiz.verdict).toHaveText('Incorrect');
  await expect(quiz.mark('Right')).toContainText('Right answer');
  await expect(quiz.mark('Wrong')).toContainText('Your answer');
  await expect(quiz.mark('Also wrong')).not.toContainText('answer');
  await expect(quiz.explanation).toHaveText(`Because of ${first}`);
  await expect(quiz.front).toBeHidden();
  await expect(quiz.next).toBeFocused();
  await expect(quiz.score).toContainText('0 of 1 right');

  await test.step('the next one is the other one, which was seen less', async () => {
    await quiz.next.click();
    await expect(quiz.title).toHaveText(titles.find((title) => title !== first)!);
    await quiz.answer('Right');
    await expect(quiz.verdict).toHaveText('Correct');
    await expect(quiz.mark('Right')).toContainText('Your answer, and right');
    await expect(quiz.score).toContainText('1 of 2 right');
  });

  await test.step('the same question can be answered again, and counts again', async () => {
    await quiz.next.click();
    await quiz.answer('Right');
    await expect(quiz.score).toContainText('2 of 3 right');
    await expect(quiz.streak).toContainText('2 in a row');
  });

  await test.step('the score is still there after a look at the statistics', async () => {
    await page.getByRole('link', { name: 'Statistics' }).click();
    await expect(page.getByTestId('correct')).toHaveText('2');
    await page.getByRole('link', { name: 'Play' }).click();
    await expect(quiz.score).toContainText('2 of 3 right');
    await expect(quiz.category).toHaveValue(things);
  });
});

test('buttons lock with the first click: a double click counts once', async ({ category, person }) => {
  const things = await category();
  const { quiz, account } = await person('ada');
  await quiz.visit(things);
  await quiz.option('Right').dblclick();
  await expect(quiz.verdict).toHaveText('Correct');
  await expect(quiz.score).toContainText('1 of 1 right');
  expect(await account.statistics(things)).toMatchObject({ totalAnswers: 1, correctAnswers: 1, users: 1 });
});

test('an answer whose response is lost is sent again as the same one, and counts once', async ({
  category,
  person,
  trouble,
}) => {
  trouble.expect(/net::ERR_/);
  const things = await category();
  const { quiz, page, account } = await person('ada');
  await quiz.visit(things);
  await expect(quiz.option('Right')).toBeVisible();
  const ids: string[] = [];
  await page.route('**/api/trivia', async (route) => {
    if (route.request().method() !== 'POST') return route.fallback();
    ids.push((route.request().postDataJSON() as { clientAnswerId: string }).clientAnswerId);
    if (ids.length > 2) return route.fallback();
    // It reaches the server; the answer does not come back.
    await route.fetch();
    return route.abort('connectionreset');
  });
  await quiz.answer('Right');
  await expect(quiz.verdict).toHaveText('Correct');
  expect(ids).toHaveLength(3);
  expect(new Set(ids).size).toBe(1);
  expect(await account.statistics(things)).toMatchObject({ totalAnswers: 1, correctAnswers: 1 });
});

test('an answer that cannot be sent is kept: the page says so, and Retry sends the same one', async ({
  category,
  person,
  trouble,
}) => {
  trouble.expect(/net::ERR_/);
  const things = await category();
  const { quiz, page, account } = await person('ada');
  await quiz.visit(things);
  await expect(quiz.option('Wrong')).toBeVisible();
  const ids: string[] = [];
  let isDown = true;
  await page.route('**/api/trivia', async (route) => {
    if (route.request().method() !== 'POST') return route.fallback();
    ids.push((route.request().postDataJSON() as { clientAnswerId: string }).clientAnswerId);
    return isDown ? route.abort('connectionrefused') : route.fallback();
  });
  await quiz.answer('Wrong');
  await expect(quiz.problem).toContainText('No server can be reached');
  await expect(quiz.retry).toBeFocused();
  await expect(quiz.option('Right')).toBeDisabled();

  isDown = false;
  await quiz.retry.click();
  await expect(quiz.verdict).toHaveText('Incorrect');
  expect(new Set(ids).size).toBe(1);
  expect(await account.statistics(things)).toMatchObject({ totalAnswers: 1, incorrectAnswers: 1 });
});

test('a question that was retired meanwhile is refused, and one can go on', async ({ admin, category, person }) => {
  const [gone, stays] = [`${unique('Gone')}?`, `${unique('Stays')}?`];
  const things = await category([{ title: gone }]);
  const { quiz } = await person('ada');
  await quiz.visit(things);
  await expect(quiz.title).toHaveText(gone);
  const { account } = await admin();
  await account.addQuestions(things, [{ title: stays }]);
  const listed = await account.request('GET', `/api/quiz/questions?search=${encodeURIComponent(gone)}`);
  const [{ id }] = ((await listed.json()) as { questions: [{ id: string }] }).questions;
  expect((await account.request('DELETE', `/api/quiz/questions/${id}`)).status).toBe(204);

  await quiz.answer('Right');
  await expect(quiz.problem).toContainText('There is no such question.');
  await quiz.next.click();
  await expect(quiz.title).toHaveText(stays);
  await expect(quiz.score).toContainText('0 of 0 right');
});

test('a category that does not exist says so and leads to all of them', async ({ person }) => {
  const { quiz, page } = await person('ada');
  await quiz.visit(unique('Nothing'));
  await expect(page.getByRole('heading', { name: /^No questions in “Nothing-/ })).toBeVisible();
  await page.getByRole('button', { name: 'Play all categories' }).click();
  await expect(quiz.options.first()).toBeVisible();
  await expect(quiz.title).toBeFocused();
});

test('markup in a question is shown as it was written', async ({ category, person }) => {
  const title = `${unique('<img src=x onerror=alert(1)> & "what"')}?`;
  const things = await category([{ title, options: ['<b>bold</b>', 'plain'], explanation: '<script>no()</script>' }]);
  const { quiz } = await person('ada');
  await quiz.visit(things);
  await expect(quiz.title).toHaveText(title);
  await quiz.answer('<b>bold</b>');
  await expect(quiz.explanation).toHaveText('<script>no()</script>');
});
