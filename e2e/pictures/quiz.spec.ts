import { expect, test } from '@playwright/test';
import { Cluster } from '@hubbub/cluster';
import { Account } from '../fixtures/account.ts';
import type { ReplicaUnderTest } from '../fixtures/replica.ts';
import type { StoredQuestion } from '../fixtures/wire.ts';
import { PlayPage } from '../pages/play-page.ts';
import { StatisticsPage } from '../pages/statistics-page.ts';
import { clusterOptions } from '../setup/cluster-options.ts';
import { sideBySide } from './side-by-side.ts';
import { visit } from './visitor.ts';

const players = ['Bo.Larsen', 'Chidi', 'Dolores', 'Emmy', 'Farid', 'Grace'];
const answersEach = 12;

test('somebody who plays, and the statistics of everybody', async ({ browser }) => {
  await using cluster = await Cluster.start({ ...clusterOptions(), ports: 5001 });
  const [first, second] = [cluster.replicas[0]!, cluster.replicas[1]!];
  const questions = await questionsOf(first);
  for (const [i, name] of players.entries()) await play(await Account.registerAs(name, second), questions, i);

  const phone = { width: 430, height: 880 };
  const ada = new PlayPage(
    await visit(browser, first.url, '/quiz', { name: 'Ada', colorScheme: 'light', viewport: phone }),
  );
  const title = (await ada.title.textContent())!.trim();
  await ada.answer(questions.get(title)!.options.find(({ isCorrect }) => isCorrect)!.title);
  await expect(ada.next).toBeVisible();

  const wide = { width: 1180, height: 880 };
  const page = await visit(browser, second.url, '/quiz/statistics', {
    name: 'Hedy',
    colorScheme: 'dark',
    viewport: wide,
  });
  await expect(new StatisticsPage(page).bars).toHaveCount(3);
  await sideBySide(browser, [ada.page, page], 'quiz.png');
});

/** All questions by their titles, with what only the administrator may know. */
async function questionsOf(replica: ReplicaUnderTest): Promise<ReadonlyMap<string, StoredQuestion>> {
  const admin = await Account.admin(replica);
  const all: StoredQuestion[] = [];
  for (let hasMore = true; hasMore;) {
    const after = all.length > 0 ? `&after=${all.at(-1)!.id}` : '';
    const response = await admin.request('GET', `/api/quiz/questions?limit=100${after}`);
    const answer = (await response.json()) as { questions: StoredQuestion[]; hasMore: boolean };
    all.push(...answer.questions);
    hasMore = answer.hasMore;
  }
  return new Map(all.map((question) => [question.title, question]));
}

/** Everybody knows a different share of the answers, and the same one each time that the picture is made. */
async function play(player: Account, questions: ReadonlyMap<string, StoredQuestion>, nth: number): Promise<void> {
  for (let i = 0; i < answersEach - nth; i++) {
    const question = await player.question('');
    const knows = (i * 5 + nth * 3) % 7 < 5 - (nth % 3);
    const { options } = questions.get(question.title)!;
    await player.answer(question, options.find(({ isCorrect }) => isCorrect === knows)!.title);
  }
}
