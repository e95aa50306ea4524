import { expect, test } from '../../fixtures/index.ts';

test('who answers on one replica moves the statistics that are open on the other, in both directions', async ({
  category,
  person,
  replicas,
}) => {
  const [first, second] = [replicas[0]!, replicas[1]!];
  const things = await category();
  for (const [here, there] of [
    [first, second],
    [second, first],
  ] as const) {
    await test.step(`answered on ${here.name}, seen on ${there.name}`, async () => {
      const ada = await person('ada', { on: here });
      const bo = await person('bo', { on: there });
      await ada.quiz.visit(things);
      await expect(ada.quiz.option('Right')).toBeVisible();
      await bo.statistics.visit(things);
      await expect(bo.statistics.live).toHaveAttribute('data-replica', there.name);
      await expect(bo.statistics.live).toHaveAttribute('data-state', 'connected');
      const before = await bo.account.statistics(things);
      const correct = bo.statistics.correct;
      await expect(correct).toHaveText(String(before.correctAnswers));
      // The page is not told by anything but the hub.
      const asked: string[] = [];
      bo.page.on('request', (request) => asked.push(request.url()));

      await ada.quiz.answer('Right');
      await expect(correct).toHaveText(String(before.correctAnswers + 1));
      await ada.quiz.next.click();
      await ada.quiz.answer('Wrong');
      await expect(bo.statistics.incorrect).toHaveText(String(before.incorrectAnswers + 1));
      expect(asked.filter((url) => url.includes('/api/statistics'))).toEqual([]);
    });
  }
});

test('an answer is on an open page of the other replica within a second', async ({
  account,
  category,
  person,
  replicas,
}) => {
  const things = await category();
  const bo = await person('bo', { on: replicas[1]! });
  const ada = await account('ada', replicas[0]);
  await bo.statistics.visit(things);
  await expect(bo.statistics.live).toHaveAttribute('data-state', 'connected');
  await expect(bo.statistics.none).toBeVisible();
  await ada.answer(await ada.question(things), 'Right');
  await expect(bo.statistics.correct).toHaveText('1');

  for (let i = 2; i <= 4; i++) {
    const question = await ada.question(things);
    const seen = bo.page.evaluate(async (wanted) => {
      const box = document.querySelector('[data-testid=correct]')!;
      const isThere = (): boolean => box.textContent === wanted;
      await new Promise<void>((resolve) => {
        if (isThere()) return resolve();
        const watch = new MutationObserver(() => {
          if (!isThere()) return;
          watch.disconnect();
          resolve();
        });
        watch.observe(box, { subtree: true, childList: true, characterData: true });
      });
      return Date.now();
    }, String(i));
    await ada.answer(question, 'Right');
    const answered = Date.now();
    expect((await seen) - answered).toBeLessThan(1_000);
  }
});

test('both replicas tell the same, also to a page that is loaded later', async ({
  account,
  category,
  person,
  replicas,
}) => {
  const things = await category();
  const ada = await account('ada', replicas[0]);
  const answers = [
    { who: ada, titles: ['Right', 'Right'] },
    { who: await account('bo', replicas[1]), titles: ['Right', 'Wrong'] },
    { who: await account('cy', replicas[0]), titles: ['Right', 'Wrong'] },
  ];
  for (const { who, titles } of answers) {
    for (const title of titles) await who.answer(await who.question(things), title);
  }
  for (const replica of replicas) {
    const told = await ada.statistics(things, replica);
    expect(told).toMatchObject({
      totalAnswers: 6,
      correctAnswers: 4,
      incorrectAnswers: 2,
      totalAnswersAverage: 2,
      users: 3,
    });
    expect(told.correctAnswersAverage).toBeCloseTo(4 / 3);
    expect(told.incorrectAnswersAverage).toBeCloseTo(2 / 3);
    const eve = await person('eve', { on: replica });
    await eve.statistics.visit(things);
    await expect(eve.statistics.correct).toHaveText('4');
    await expect(eve.statistics.incorrect).toHaveText('2');
    await eve.statistics.showAsTable('Average per user');
    const cells = eve.statistics.rows(eve.statistics.figure('Average per user')).getByRole('cell');
    await expect(cells).toHaveText(['1.3', '0.7', '2.0']);
  }
});
