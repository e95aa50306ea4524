import { linePath } from './sparkline';

describe('linePath', () => {
  it('goes from left to right, between the lowest and the highest', () => {
    expect(linePath([1, 3, 2])).toBe('M0.0,26.0L50.0,2.0L100.0,14.0');
  });

  it('is a straight line where nothing moves, and nothing without a past', () => {
    expect(linePath([5, 5])).toBe('M0.0,14.0L100.0,14.0');
    expect(linePath([5])).toBe('');
  });
});
