import type { Page } from '@playwright/test';
import { expect, test } from '../../../fixtures/private-cluster.ts';

/** Watches the numbers of a statistics page from within and tells whenever one of them falls. */
async function watchForFalls(page: Page): Promise<() => Promise<readonly string[]>> {
  await page.evaluate(() => {
    const falls: string[] = [];
    const highest: Record<string, number> = {};
    (window as unknown as { falls: string[] }).falls = falls;
    const look = (): void => {
      for (const name of ['correct', 'incorrect']) {
        const text = document.querySelector(`[data-testid=${name}]`)?.textContent;
        const value = text === undefined || text === null ? undefined : Number(text);
        if (value === undefined) continue;
        if (value < (highest[name] ?? 0)) falls.push(`${name}: ${highest[name]} → ${value}`);
        highest[name] = Math.max(value, highest[name] ?? 0);
      }
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
    look();
  });
  return () => page.evaluate(() => (window as unknown as { falls: string[] }).falls);
}

test('a replica is killed amid answers: none is lost, none counts twice, and no number falls', async ({
  category,
  cluster,
  person,
}) => {
  const [doomed, other] = [cluster.replicas[0]!, cluster.replicas[1]!];
  const things = await category();
  const ada = await person('ada', { on: doomed });
  const bo = await person('bo', { on: other });
  const cy = await person('cy', { on: doomed });
  await ada.quiz.visit(things);
  await bo.quiz.visit(things);
  await cy.statistics.visit(things);
  await expect(cy.statistics.live).toHaveAttribute('data-replica', doomed.name);
  const falls = await watchForFalls(cy.page);

  const answer = async ({ quiz }: typeof ada, title: string): Promise<void> => {
    await quiz.answer(title);
    await expect(quiz.verdict).toHaveText(title === 'Right' ? 'Correct' : 'Incorrect');
    await quiz.next.click();
    await expect(quiz.option('Right')).toBeEnabled();
  };
  const play = async (one: typeof ada, rounds: number): Promise<void> => {
    for (let i = 0; i < rounds; i++) await answer(one, i % 3 === 0 ? 'Wrong' : 'Right');
  };

  await Promise.all([play(ada, 3), play(bo, 3)]);
  // Not waited for: it happens in the middle of what follows.
  const killed = doomed.kill();
  await Promise.all([play(ada, 6), play(bo, 6)]);
  await killed;

  const expected = { totalAnswers: 18, correctAnswers: 12, incorrectAnswers: 6, users: 2 };
  expect(await bo.account.statistics(things, other)).toMatchObject(expected);
  await expect(cy.statistics.live).toHaveAttribute('data-replica', other.name);
  await expect(cy.statistics.correct).toHaveText('12');
  await expect(cy.statistics.incorrect).toHaveText('6');
  for (const { quiz } of [ada, bo]) await expect(quiz.score).toContainText('6 of 9 right');

  await test.step('the page goes on moving where it went, and what it shows is what is stored', async () => {
    await answer(bo, 'Right');
    await expect(cy.statistics.correct).toHaveText('13');
    expect(await falls()).toEqual([]);
    // The page itself comes from the replica that was killed.
    await doomed.start();
    await cy.page.reload();
    await expect(cy.statistics.correct).toHaveText('13');
    await expect(cy.statistics.incorrect).toHaveText('6');
  });
});

test('no replica is left: an answer is kept, and counts once when one is back', async ({
  category,
  cluster,
  person,
}) => {
  const [first, second] = [cluster.replicas[0]!, cluster.replicas[1]!];
  const things = await category();
  const ada = await person('ada', { on: first });
  const bo = await person('bo', { on: second });
  await ada.quiz.visit(things);
  await expect(ada.quiz.option('Right')).toBeVisible();
  await bo.statistics.visitBoard(things);
  await expect(bo.statistics.none).toBeVisible();
  await expect(bo.statistics.live).toHaveAttribute('data-state', 'connected');
  await Promise.all(cluster.replicas.map((replica) => replica.kill()));

  await expect(bo.connection.banner).toContainText('The numbers may be old');
  await ada.quiz.answer('Right');
  await expect(ada.quiz.problem).toContainText('No server can be reached');
  await second.start();
  await expect(async () => {
    await ada.quiz.retry.click();
    await expect(ada.quiz.verdict).toHaveText('Correct', { timeout: 5_000 });
  }).toPass();
  await expect(bo.statistics.correct).toHaveText('1');
  expect(await bo.account.statistics(things, second)).toMatchObject({ totalAnswers: 1, correctAnswers: 1 });
});
