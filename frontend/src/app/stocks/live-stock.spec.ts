import { aStock } from '../../testing/stock-samples';
import { LiveStock, TREND_POINTS, TREND_STEP, placeInDay, riseOf } from './live-stock';

describe('LiveStock', () => {
  it('knows which way it went last', () => {
    const stock = new LiveStock(aStock('ACRN', { price: 10 }));
    expect(stock.direction()).toBe(0);
    stock.show(aStock('ACRN', { price: 11 }));
    expect(stock.direction()).toBe(1);
    stock.show(aStock('ACRN', { price: 11 }));
    expect(stock.direction()).toBe(1);
    stock.show(aStock('ACRN', { price: 10.5 }));
    expect(stock.direction()).toBe(-1);
  });

  it('draws its trend on, a point for each step, and forgets the oldest', () => {
    const stock = new LiveStock(aStock('ACRN', { price: 10 }));
    stock.remember([7, 8, 9], 0);
    expect(stock.trend()).toEqual([7, 8, 9, 10]);
    stock.show(aStock('ACRN', { price: 11 }));
    stock.extendTrend(TREND_STEP - 1);
    expect(stock.trend()).toEqual([7, 8, 9, 11]);
    stock.extendTrend(TREND_STEP);
    expect(stock.trend()).toEqual([7, 8, 9, 11, 11]);
    for (let step = 2; step < 100; step++) stock.extendTrend(step * TREND_STEP);
    expect(stock.trend()).toHaveLength(TREND_POINTS);
  });

  it('leaves a trend alone that does not move', () => {
    const stock = new LiveStock(aStock('ACRN', { price: 10 }));
    stock.remember([9], 0);
    const before = stock.trend();
    stock.extendTrend(1);
    expect(stock.trend()).toBe(before);
  });
});

describe('placeInDay', () => {
  it.each([
    [10, 0],
    [15, 0.5],
    [20, 1],
    [25, 1],
  ])('puts %i between 10 and 20 at %f', (price, place) => {
    expect(placeInDay(aStock('A', { price, dayLow: 10, dayHigh: 20 }))).toBe(place);
  });

  it('is in the middle of a day without moves', () => {
    expect(placeInDay(aStock('A', { price: 10, dayLow: 10, dayHigh: 10 }))).toBe(0.5);
  });
});

describe('riseOf', () => {
  it('compares the ends', () => {
    expect(riseOf([10, 3, 11])).toBeCloseTo(10);
    expect(riseOf([])).toBe(0);
  });
});
