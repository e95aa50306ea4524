import { LONGEST_PAUSE, retryDelay } from './reconnect-policy';

describe('retryDelay', () => {
  const latest = () => 0.999_999;
  const earliest = () => 0;

  it('tries another replica almost at once', () => {
    expect(retryDelay(0, earliest)).toBe(0);
    expect(retryDelay(0, latest)).toBeLessThanOrEqual(100);
  });

  it('makes the next tries within half a second each', () => {
    for (const attempt of [1, 2]) expect(retryDelay(attempt, latest)).toBeLessThanOrEqual(500);
  });

  it('grows to five seconds and no further', () => {
    const pauses = [3, 4, 5, 6, 7, 50, 2000].map((attempt) => retryDelay(attempt, latest));
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
    expect(pauses.at(-1)).toBeCloseTo(LONGEST_PAUSE, 0);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(LONGEST_PAUSE);
  });

  it('spreads clients over at least half of the pause', () => {
    for (const attempt of [3, 6, 20]) {
      expect(retryDelay(attempt, latest) - retryDelay(attempt, earliest)).toBeGreaterThan(
        retryDelay(attempt, latest) / 2.1,
      );
    }
  });
});
