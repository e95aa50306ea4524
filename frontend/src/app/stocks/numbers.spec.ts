import { ageText, changeText, latencyText } from './numbers';

describe('numbers of the board', () => {
  it.each([
    [1.2, '+1.20'],
    [-0.05, '-0.05'],
    [0, '0.00'],
    [-0.001, '0.00'],
  ])('%f as a change is %s', (value, text) => {
    expect(changeText(value)).toBe(text);
  });

  it.each([
    [-5, '0.0 s'],
    [420, '0.4 s'],
    [12_900, '12 s'],
    [100_000, '1 min'],
    [6_000_000, '1 h'],
  ])('an age of %i ms is %s', (value, text) => {
    expect(ageText(value)).toBe(text);
  });

  it('latencies are milliseconds, then seconds', () => {
    expect(latencyText(12.4)).toBe('12 ms');
    expect(latencyText(1_440)).toBe('1.4 s');
  });
});
