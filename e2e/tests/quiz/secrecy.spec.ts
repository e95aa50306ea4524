import type { Page } from '@playwright/test';
import { expect, test, unique } from '../../fixtures/index.ts';
import type { TriviaQuestion } from '../../fixtures/wire.ts';

/** Keeps everything that the page receives that is not part of the app itself: answers of the API, and frames of the hubs. */
function eavesdrop(page: Page): { readonly heard: () => Promise<readonly string[]> } {
  const bodies: Promise<string>[] = [];
  const frames: string[] = [];
  // Once it is finished: the body of one that the page has left behind would never come.
  page.on('requestfinished', (request) => {
    if (!/\/(api|statisticsHub|chatHub)/.test(new URL(request.url()).pathname)) return;
    bodies.push(
      request.response().then(async (response) => {
        const headers = JSON.stringify(response?.headers());
        const body = await response?.text().catch(() => '');
        return `${request.method()} ${request.url()} ${headers} ${body}`;
      }),
    );
  });
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => frames.push(payload.toString())));
  return { heard: async () => [...(await Promise.all(bodies)), ...frames] };
}

test('nothing that the browser receives before the answer gives it away', async ({ account, category, person }) => {
  const marker = unique('secret');
  const questions = Array.from({ length: 6 }, (_, i) => ({
    title: `${unique('What')}? ${i}`,
    options: ['Right', 'Wrong', 'Also wrong', 'Wrong too'],
    explanation: `${marker} ${i}`,
  }));
  const things = await category(questions);
  const other = await account('bo');
  // Others have answered: what the statistics tell of that goes to everybody.
  for (let i = 0; i < 6; i++) await other.answer(await other.question(things), i % 2 === 0 ? 'Right' : 'Wrong');

  const { quiz, statistics, page } = await person('ada');
  const wire = eavesdrop(page);
  await statistics.visit(things);
  await expect(statistics.correct).toHaveText('3');
  await quiz.visit(things);
  await expect(quiz.options).toHaveCount(4);

  // The page may have drawn it before its end is reported here.
  const questionsOf = (heard: readonly string[]) => heard.filter((text) => /^GET \S+\/api\/trivia\?/.test(text));
  await expect.poll(async () => questionsOf(await wire.heard()).length).toBe(1);
  const before = await wire.heard();
  const texts = before.join('\n');
  expect(texts).toContain(things);
  expect(texts).not.toContain(marker);
  expect(texts).not.toMatch(/isCorrect|correctOption|explanation/i);

  await test.step('the question holds its texts and ids, and nothing else', () => {
    for (const question of questionsOf(before).map(bodyOf)) {
      expect(Object.keys(question).sort()).toEqual(['attribution', 'category', 'id', 'options', 'title']);
      for (const option of question.options) expect(Object.keys(option).sort()).toEqual(['id', 'title']);
    }
  });

  await test.step('and after it, what was hidden is there: the eavesdropper hears well', async () => {
    await quiz.answer('Wrong');
    await expect(quiz.explanation).toContainText(marker);
    expect((await wire.heard()).join('\n')).toContain(marker);
  });
});

test('neither the place nor the id of an option tells whether it is right', async ({ account, category }) => {
  const titles = ['Right', 'Wrong', 'Also wrong', 'Wrong too'];
  const things = await category(
    Array.from({ length: 12 }, (_, i) => ({ title: `${unique('What')}? ${i}`, options: titles })),
  );
  const places = new Set<number>();
  const ranks = new Set<number>();
  const ada = await account('ada');
  for (let i = 0; i < 12; i++) {
    const question = await ada.question(things);
    expect(await ada.question(things), 'asked again, it is the same').toEqual(question);
    places.add(question.options.findIndex(({ title }) => title === 'Right'));
    const ids = question.options.map(({ id }) => id).sort();
    ranks.add(ids.indexOf(question.options.find(({ title }) => title === 'Right')!.id));
    await ada.answer(question, 'Right');
  }
  expect(places.size, 'places').toBeGreaterThan(1);
  expect(ranks.size, 'ranks of ids').toBeGreaterThan(1);
});

function bodyOf(text: string): TriviaQuestion {
  return JSON.parse(text.slice(text.indexOf('} {') + 2)) as TriviaQuestion;
}
