import {
  CategorySummary,
  MinuteResult,
  QuestionResult,
  StatisticsUpdate,
  Summary,
} from '../realtime/statistics-hub.contract';
import { StatisticsDetails } from './quiz-api';

/** A value and the version of the statistics in which it was so. */
export interface Dated<T> {
  readonly version: number;
  readonly value: T;
}

type ById<T> = Readonly<Record<string, Dated<T>>>;

/** By the moment at which they begin. */
type Minutes = Readonly<Record<string, MinuteResult>>;

/** How many minutes the last hour has, the one that is running included. */
export const MINUTES_SHOWN = 61;

const MINUTE = 60_000;

/** Stands for all categories together where minutes are kept by category. No category has an empty name. */
const ALL = '';

/**
 * All that is known of the quiz's results. Updates and loaded details may come in any order, late or twice: each number goes by its own
 * version, so putting the same ones in gives the same result in every order, and nothing ever falls back.
 */
export interface QuizStatistics {
  readonly all: Dated<Summary> | null;
  readonly categories: ById<Summary>;
  readonly questions: ById<QuestionResult>;
  /** By category, then by minute. */
  readonly minutes: Readonly<Record<string, Minutes>>;
}

export const NOTHING_KNOWN: QuizStatistics = { all: null, categories: {}, questions: {}, minutes: {} };

export function withUpdate(known: QuizStatistics, update: StatisticsUpdate): QuizStatistics {
  const { version } = update;
  let minutes = known.minutes;
  for (const minute of update.minutes) minutes = withMinute(minutes, minute.category, minute);
  for (const minute of summedUp(update.minutes)) minutes = withMinute(minutes, ALL, minute);
  return {
    all: newer(known.all, version, summaryOf(update)),
    categories: withCategories(known.categories, update.categories, version),
    questions: withQuestions(known.questions, update.questions, version),
    minutes,
  };
}

/** @param category The one that the details were asked for, null for all. */
export function withDetails(
  known: QuizStatistics,
  details: StatisticsDetails,
  category: string | null,
): QuizStatistics {
  const { version } = details;
  let minutes = known.minutes;
  for (const minute of details.lastHour) minutes = withMinute(minutes, category ?? ALL, minute);
  const own = category === null ? [] : [{ ...details.summary, name: category }];
  return {
    all: category === null ? newer(known.all, version, summaryOf(details.summary)) : known.all,
    categories: withCategories(known.categories, [...details.categories, ...own], version),
    questions: withQuestions(known.questions, details.questions, version),
    minutes,
  };
}

/** The six numbers of a category, or of all; null when they are not known. */
export function summaryFor(known: QuizStatistics, category: string | null): Summary | null {
  return (category === null ? known.all : known.categories[category])?.value ?? null;
}

/** The categories that have answers, the ones with the most first. */
export function categoriesOf(known: QuizStatistics): readonly CategorySummary[] {
  return Object.entries(known.categories)
    .map(([name, { value }]) => ({ ...value, name }))
    .filter((category) => category.totalAnswers > 0)
    .sort((a, b) => b.totalAnswers - a.totalAnswers || a.name.localeCompare(b.name));
}

/** The questions that were answered, the most answered first. */
export function questionsOf(known: QuizStatistics, category: string | null): readonly QuestionResult[] {
  return Object.values(known.questions)
    .map(({ value }) => value)
    .filter((question) => category === null || question.category === category)
    .sort((a, b) => b.totalAnswers - a.totalAnswers || a.title.localeCompare(b.title));
}

/**
 * Every minute of the last hour, oldest first, those without an answer too. `now` is in milliseconds since 1970; an answer that is newer,
 * as it is when a minute has just begun, moves the hour on.
 */
export function lastHourOf(known: QuizStatistics, category: string | null, now: number): readonly MinuteResult[] {
  const minutes = known.minutes[category ?? ALL] ?? {};
  const newest = Object.keys(minutes).sort().at(-1);
  const last = Math.floor(Math.max(now, newest ? Date.parse(newest) : 0) / MINUTE) * MINUTE;
  return Array.from({ length: MINUTES_SHOWN }, (_, index) => {
    const minute = minuteKey(last - (MINUTES_SHOWN - 1 - index) * MINUTE);
    return minutes[minute] ?? { minute, correctAnswers: 0, incorrectAnswers: 0 };
  });
}

/** The share of right answers in whole percent, null without an answer. */
export function percentRight({
  correctAnswers,
  totalAnswers,
}: Pick<Summary, 'correctAnswers' | 'totalAnswers'>): number | null {
  return totalAnswers > 0 ? Math.round((100 * correctAnswers) / totalAnswers) : null;
}

function newer<T>(known: Dated<T> | null | undefined, version: number, value: T): Dated<T> {
  return known && known.version >= version ? known : { version, value };
}

function withCategories(known: ById<Summary>, categories: readonly CategorySummary[], version: number): ById<Summary> {
  const changed = categories.map(({ name, ...rest }) => [name, newer(known[name], version, summaryOf(rest))] as const);
  return { ...known, ...Object.fromEntries(changed) };
}

function withQuestions(
  known: ById<QuestionResult>,
  questions: readonly QuestionResult[],
  version: number,
): ById<QuestionResult> {
  if (questions.length === 0) return known;
  const changed = questions.map((question) => [question.id, newer(known[question.id], version, question)] as const);
  return { ...known, ...Object.fromEntries(changed) };
}

/**
 * A minute's numbers only rise, so of the two the higher ones hold, without a version: also where a sum over categories, of which an
 * update may leave out those that did not move, meets a total that was loaded.
 */
function withMinute(
  minutes: QuizStatistics['minutes'],
  category: string,
  { minute, correctAnswers, incorrectAnswers }: MinuteResult,
): QuizStatistics['minutes'] {
  const key = minuteKey(Date.parse(minute));
  const known = minutes[category] ?? {};
  const value = {
    minute: key,
    correctAnswers: Math.max(correctAnswers, known[key]?.correctAnswers ?? 0),
    incorrectAnswers: Math.max(incorrectAnswers, known[key]?.incorrectAnswers ?? 0),
  };
  return { ...minutes, [category]: withoutOld({ ...known, [key]: value }) };
}

/** A page that is open for days keeps no more than it can show. Keys are of one length, so they sort by time. */
function withoutOld(minutes: Minutes): Minutes {
  const keys = Object.keys(minutes);
  if (keys.length <= 2 * MINUTES_SHOWN) return minutes;
  const kept = keys.sort().slice(-MINUTES_SHOWN);
  return Object.fromEntries(kept.map((key) => [key, minutes[key]!]));
}

function summedUp(minutes: readonly MinuteResult[]): readonly MinuteResult[] {
  const sums: Record<string, MinuteResult> = {};
  for (const { minute, correctAnswers, incorrectAnswers } of minutes) {
    const key = minuteKey(Date.parse(minute));
    sums[key] = {
      minute: key,
      correctAnswers: correctAnswers + (sums[key]?.correctAnswers ?? 0),
      incorrectAnswers: incorrectAnswers + (sums[key]?.incorrectAnswers ?? 0),
    };
  }
  return Object.values(sums);
}

/** However the server writes a moment, its minute gets one key. */
function minuteKey(at: number): string {
  return new Date(at).toISOString();
}

function summaryOf(from: Summary): Summary {
  const { totalAnswers, correctAnswers, incorrectAnswers, users } = from;
  const { totalAnswersAverage, correctAnswersAverage, incorrectAnswersAverage } = from;
  return {
    totalAnswers,
    correctAnswers,
    incorrectAnswers,
    totalAnswersAverage,
    correctAnswersAverage,
    incorrectAnswersAverage,
    users,
  };
}
