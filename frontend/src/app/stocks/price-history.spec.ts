import { aPrice } from '../../testing/stock-samples';
import { MOST_POINTS, PricePoint, pointsOf, withPrice } from './price-history';

const at = (milliseconds: number, price: number) => ({
  ...aPrice('A', price, 1),
  tickedAt: new Date(milliseconds).toISOString(),
});

describe('withPrice', () => {
  const points: readonly PricePoint[] = [
    { time: 0, price: 10 },
    { time: 5_000, price: 11 },
  ];

  it('moves the last point in its five seconds, and adds one after', () => {
    expect(withPrice(points, at(9_999, 12))).toEqual([points[0], { time: 5_000, price: 12 }]);
    expect(withPrice(points, at(10_000, 12))).toEqual([...points, { time: 10_000, price: 12 }]);
  });

  it('leaves points alone that a price does not change, or that are newer', () => {
    expect(withPrice(points, at(6_000, 11))).toBe(points);
    expect(withPrice(points, at(4_000, 9))).toBe(points);
  });

  it('begins with nothing', () => {
    expect(withPrice([], at(7_000, 3))).toEqual([{ time: 5_000, price: 3 }]);
  });

  it('keeps an hour, however long it runs', () => {
    let all: readonly PricePoint[] = [];
    for (let i = 0; i < 1_000; i++) all = withPrice(all, at(i * 5_000, i));
    expect(all).toHaveLength(MOST_POINTS);
    expect(all.at(-1)!.time - all[0]!.time).toBeLessThan(3_600_000);
    // After a long silence what is older than an hour is gone.
    expect(withPrice(all, at(1_000 * 5_000 + 3_600_000, 1))).toHaveLength(1);
  });
});

describe('pointsOf', () => {
  it('takes the closing prices', () => {
    const bar = { open: 1, high: 4, low: 1, close: 3, sequence: 9, time: new Date(5_000).toISOString() };
    expect(pointsOf([bar])).toEqual([{ time: 5_000, price: 3 }]);
  });
});
