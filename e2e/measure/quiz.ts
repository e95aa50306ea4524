// Puts the quiz under load: 100 people on two replicas give 200 answers a second for 30 seconds, some of them twice. Fails when a total is not exact
// afterwards, when a page does not come to the last state, or when a page gets more updates than are promised.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Cluster, waitFor, type Backplane } from '@hubbub/cluster';
import { Account } from '../fixtures/account.ts';
import type { Summary, TriviaQuestion, Verdict } from '../fixtures/wire.ts';
import { clusterOptions } from '../setup/cluster-options.ts';
import { headline } from './report.ts';
import { StatisticsPage } from './statistics-page.ts';

const people = 100;
const pagesPerReplica = 10;
const rate = 200;
const seconds = 30;
/** One answer of so many is sent twice, as by a double click. */
const doubleEvery = 10;
/** What each page is promised at most, in updates a second; a late one may fall into the next second. */
const mostUpdates = 10;

const { backplane } = parseArgs({ options: { backplane: { type: 'string', default: 'postgres' } } }).values;
process.exitCode = (await measure(backplane as Backplane)) ? 0 : 1;

/** Prints what it finds; true when everything is as promised. */
async function measure(backplane: Backplane): Promise<boolean> {
  await using cluster = await Cluster.start({
    ...clusterOptions(),
    backplane,
    onProgress: (line) => console.log(line),
  });
  const players: Account[] = [];
  for (let i = 0; i < people; i++) players.push(await Account.register('player', cluster.replicas[i % 2]!));
  const admin = await Account.admin(cluster.replicas[0]!);
  const category = `load ${randomUUID().slice(0, 8)}`;
  await admin.addQuestions(
    category,
    Array.from({ length: 20 }, (_, i) => ({ title: `Question ${i} of ${category}` })),
  );
  const questions = await Promise.all(players.map((player) => player.question(category)));
  const pages: StatisticsPage[] = [];
  try {
    for (const replica of cluster.replicas) {
      for (let i = 0; i < pagesPerReplica; i++) pages.push(await StatisticsPage.open(players[i]!, replica));
    }
    console.log(
      `\n${headline(backplane)}: ${people} people, ${rate} answers a second for ${seconds} s, ${pages.length} open pages\n`,
    );
    return await run(players, questions, pages, category, cluster);
  } finally {
    await Promise.all(pages.map((page) => page.close()));
  }
}

async function run(
  players: readonly Account[],
  questions: readonly TriviaQuestion[],
  pages: readonly StatisticsPage[],
  category: string,
  cluster: Cluster,
): Promise<boolean> {
  const verdicts: Promise<Verdict>[] = [];
  const started = performance.now();
  while (performance.now() - started < seconds * 1000) {
    const due = Math.min(seconds * rate, ((performance.now() - started) / 1000) * rate);
    for (let i = verdicts.length; i < due; i = verdicts.length) {
      verdicts.push(answer(players[i % people]!, questions[i % people]!, i % doubleEvery === 0));
    }
    await delay(2);
  }
  const given = await Promise.all(verdicts);
  const answeredAt = performance.now();
  const took = (answeredAt - started) / 1000;
  const correct = given.filter((verdict) => verdict.isCorrect).length;

  await waitFor(() => pages.every((page) => page.total === given.length), {
    timeoutMs: 10_000,
    otherwise: () => `The pages stand at ${pages.map((page) => page.total).join(' ')} of ${given.length} answers.`,
  });
  const converged = Math.max(...pages.map((page) => page.lastAt)) - answeredAt;

  const results = await Promise.all(cluster.replicas.map((replica) => players[0]!.statistics(category, replica)));
  const isExact =
    results.every((result) => isSame(result, given.length, correct)) && pages.every((page) => page.correct === correct);
  const updates = pages.map((page) => page.updates / took);
  const fallen = pages.filter((page) => page.fell).length;
  console.log(
    `answers accepted   ${given.length} in ${took.toFixed(1)} s (${(given.length / took).toFixed(0)} a second), ${correct} correct`,
  );
  console.log(`totals exact       ${isExact ? 'yes' : `no: ${JSON.stringify(results)}`}`);
  console.log(`pages converged    ${converged.toFixed(0)} ms after the last answer was accepted`);
  console.log(
    `updates a second   ${Math.max(...updates).toFixed(1)} at most for a page; numbers fell on ${fallen} pages`,
  );
  return isExact && fallen === 0 && Math.max(...updates) <= mostUpdates;
}

/** Answers, by chance right or wrong, once in the eyes of the server however often it is sent. */
async function answer(player: Account, question: TriviaQuestion, twice: boolean): Promise<Verdict> {
  const option = question.options[Math.floor(Math.random() * question.options.length)]!;
  const body = { questionId: question.id, optionId: option.id, clientAnswerId: randomUUID() };
  const [verdict] = await Promise.all(Array.from({ length: twice ? 2 : 1 }, () => post(player, body)));
  return verdict!;
}

async function post(player: Account, body: unknown): Promise<Verdict> {
  const response = await player.request('POST', '/api/trivia', body);
  if (response.status !== 200) throw new Error(`An answer got ${response.status} ${await response.text()}`);
  return (await response.json()) as Verdict;
}

function isSame(result: Summary, total: number, correct: number): boolean {
  return (
    result.totalAnswers === total && result.correctAnswers === correct && result.incorrectAnswers === total - correct
  );
}
