import { aCategory, aResult, aSummary, anUpdate, theDetails } from '../../testing/fake-quiz';
import {
  MINUTES_SHOWN,
  NOTHING_KNOWN,
  QuizStatistics,
  categoriesOf,
  lastHourOf,
  percentRight,
  questionsOf,
  summaryFor,
  withDetails,
  withUpdate,
} from './statistics';

const NOON = Date.parse('2026-11-20T12:00:00Z');
const minute = (offset: number) => new Date(NOON + offset * 60_000).toISOString();

type Step = (known: QuizStatistics) => QuizStatistics;
const inOrder = (...steps: Step[]) => steps.reduce((known, step) => step(known), NOTHING_KNOWN);

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, index) =>
    permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]),
  );
}

describe('the statistics that are known', () => {
  it('go by the higher version, in whatever order updates come', () => {
    const late = anUpdate(4);
    const known = inOrder(
      (all) => withUpdate(all, anUpdate(9)),
      (all) => withUpdate(all, late),
    );
    expect(summaryFor(known, null)).toEqual(aSummary(5, 4));
    expect(summaryFor(known, 'Space')).toEqual(aSummary(5, 4));
  });

  it('take a question out of an update that comes late, when nothing newer is known of it', () => {
    const known = inOrder(
      (all) => withDetails(all, theDetails(3, { questions: [aResult('a', 1, 0), aResult('b', 2, 0)] }), null),
      (all) => withUpdate(all, anUpdate(7, { questions: [aResult('b', 3, 2)] })),
      (all) => withUpdate(all, anUpdate(5, { questions: [aResult('a', 2, 0), aResult('b', 3, 0)] })),
    );
    expect(questionsOf(known, null)).toEqual([aResult('b', 3, 2), aResult('a', 2, 0)]);
    expect(summaryFor(known, null)?.totalAnswers).toBe(7);
  });

  it('are the same whatever the order of updates, details and repeats, and never fall on the way', () => {
    const steps: Step[] = [
      (all) =>
        withDetails(
          all,
          theDetails(2, {
            questions: [aResult('a', 1, 1)],
            lastHour: [{ minute: minute(0), correctAnswers: 1, incorrectAnswers: 1 }],
          }),
          null,
        ),
      (all) =>
        withUpdate(
          all,
          anUpdate(3, {
            questions: [aResult('a', 2, 1)],
            minutes: [{ minute: minute(0), category: 'Space', correctAnswers: 2, incorrectAnswers: 1 }],
          }),
        ),
      (all) =>
        withUpdate(
          all,
          anUpdate(6, {
            categories: [aCategory('Space', 3, 1), aCategory('Music', 0, 2)],
            questions: [aResult('c', 0, 2, 'Music'), aResult('a', 3, 1)],
            minutes: [
              { minute: minute(0), category: 'Space', correctAnswers: 2, incorrectAnswers: 1 },
              { minute: minute(1), category: 'Space', correctAnswers: 1, incorrectAnswers: 0 },
              { minute: minute(1), category: 'Music', correctAnswers: 0, incorrectAnswers: 2 },
            ],
          }),
        ),
      (all) =>
        withDetails(
          all,
          theDetails(5, {
            summary: aSummary(0, 1),
            categories: [aCategory('Space', 3, 1), aCategory('Music', 0, 1)],
            questions: [aResult('c', 0, 1, 'Music')],
            lastHour: [{ minute: minute(1), correctAnswers: 0, incorrectAnswers: 1 }],
          }),
          'Music',
        ),
    ];
    const expected = inOrder(...steps);
    expect(summaryFor(expected, null)).toEqual(aSummary(3, 3));
    expect(summaryFor(expected, 'Music')).toEqual(aSummary(0, 2));
    for (const order of permutations(steps)) {
      let known = NOTHING_KNOWN;
      for (const step of [...order, ...order]) {
        const next = step(known);
        for (const category of [null, 'Space', 'Music']) {
          const before = summaryFor(known, category)?.totalAnswers ?? 0;
          expect(summaryFor(next, category)?.totalAnswers ?? 0).toBeGreaterThanOrEqual(before);
        }
        known = next;
      }
      expect(known).toEqual(expected);
    }
  });

  it('keep the numbers of a category apart from those of all', () => {
    const known = inOrder((all) => withDetails(all, theDetails(8, { summary: aSummary(1, 2) }), 'Music'));
    expect(summaryFor(known, 'Music')).toEqual(aSummary(1, 2));
    expect(summaryFor(known, null)).toBeNull();
  });

  it('list categories and questions with the most answers first', () => {
    const known = inOrder((all) =>
      withUpdate(
        all,
        anUpdate(9, {
          categories: [aCategory('Art', 0, 0), aCategory('Music', 1, 1), aCategory('Space', 4, 3)],
          questions: [aResult('a', 1, 0), aResult('b', 1, 4, 'Music')],
        }),
      ),
    );
    expect(categoriesOf(known).map(({ name }) => name)).toEqual(['Space', 'Music']);
    expect(questionsOf(known, null).map(({ id }) => id)).toEqual(['b', 'a']);
    expect(questionsOf(known, 'Space').map(({ id }) => id)).toEqual(['a']);
  });
});

describe('the last hour', () => {
  it('has every minute, also those without an answer, and sums up categories', () => {
    const known = inOrder((all) =>
      withUpdate(
        all,
        anUpdate(5, {
          minutes: [
            { minute: '2026-11-20T11:58:00+00:00', category: 'Space', correctAnswers: 2, incorrectAnswers: 1 },
            { minute: '2026-11-20T11:58:00Z', category: 'Music', correctAnswers: 0, incorrectAnswers: 2 },
          ],
        }),
      ),
    );
    const all = lastHourOf(known, null, NOON + 20_000);
    expect(all).toHaveLength(MINUTES_SHOWN);
    expect(all.at(-1)).toEqual({ minute: minute(0), correctAnswers: 0, incorrectAnswers: 0 });
    expect(all.at(0)!.minute).toBe(minute(-60));
    expect(all.at(-3)).toEqual({ minute: minute(-2), correctAnswers: 2, incorrectAnswers: 3 });
    expect(lastHourOf(known, 'Music', NOON).at(-3)).toMatchObject({ correctAnswers: 0, incorrectAnswers: 2 });
  });

  it('moves on with an answer that is newer than the clock that it is drawn by', () => {
    const minutes = [{ minute: minute(1), category: 'Space', correctAnswers: 1, incorrectAnswers: 0 }];
    const known = inOrder((all) => withUpdate(all, anUpdate(1, { minutes })));
    expect(lastHourOf(known, null, NOON + 59_000).at(-1)).toMatchObject({ minute: minute(1), correctAnswers: 1 });
  });

  it('does not fall when an update leaves out a category that did not move', () => {
    const at = { minute: minute(0), correctAnswers: 5, incorrectAnswers: 0 };
    const known = inOrder(
      (all) => withDetails(all, theDetails(5, { lastHour: [at] }), null),
      (all) =>
        withUpdate(
          all,
          anUpdate(6, {
            minutes: [{ minute: minute(0), category: 'Music', correctAnswers: 1, incorrectAnswers: 0 }],
          }),
        ),
    );
    expect(lastHourOf(known, null, NOON).at(-1)).toMatchObject({ correctAnswers: 5 });
  });

  it('keeps no more than it can show, however long the page is open', () => {
    let known = NOTHING_KNOWN;
    for (let i = 0; i < 500; i++) {
      const minutes = [{ minute: minute(i), category: 'Space', correctAnswers: 1, incorrectAnswers: 0 }];
      known = withUpdate(known, anUpdate(i + 1, { minutes }));
    }
    expect(Object.keys(known.minutes['Space']!).length).toBeLessThanOrEqual(2 * MINUTES_SHOWN);
    expect(lastHourOf(known, null, NOON + 499 * 60_000).every(({ correctAnswers }) => correctAnswers === 1)).toBe(true);
  });
});

describe('percentRight', () => {
  it('is a whole number, and nothing without answers', () => {
    expect(percentRight(aSummary(2, 1))).toBe(67);
    expect(percentRight(aSummary(0, 3))).toBe(0);
    expect(percentRight(aSummary(0, 0))).toBeNull();
  });
});
