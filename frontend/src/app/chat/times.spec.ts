import { dayName, shortAgo, startOfDay, timeOf } from './times';

const now = new Date(2026, 10, 20, 15, 30).getTime();
const at = (...parts: [number, number, number, number?, number?]) => new Date(...parts).getTime();

describe('times', () => {
  it.each([
    [now - 5_000, 'now'],
    [now + 5_000, 'now'],
    [now - 60_000, '1 min'],
    [now - 59 * 60_000, '59 min'],
  ])('says how long ago: %s', (moment, words) => {
    expect(shortAgo(moment, now)).toBe(words);
  });

  it('goes from the time to the weekday to the date', () => {
    expect(shortAgo(at(2026, 10, 20, 9), now)).toBe(timeOf(at(2026, 10, 20, 9)));
    expect(shortAgo(at(2026, 10, 16, 9), now)).toMatch(/Mon/);
    expect(shortAgo(at(2026, 9, 3), now)).toMatch(/3/);
    expect(shortAgo(at(2025, 9, 3), now)).toMatch(/25/);
  });

  it('names days', () => {
    expect(dayName(startOfDay(now), now)).toBe('Today');
    expect(dayName(startOfDay(at(2026, 10, 19, 23, 59)), now)).toBe('Yesterday');
    expect(dayName(startOfDay(at(2026, 10, 13)), now)).toMatch(/Friday/);
    expect(dayName(startOfDay(at(2025, 10, 13)), now)).toMatch(/2025/);
  });

  it('counts days by the calendar, not by 24 hours', () => {
    const midnight = at(2026, 10, 20, 0, 1);
    expect(dayName(startOfDay(at(2026, 10, 19, 23, 58)), midnight)).toBe('Yesterday');
  });
});
