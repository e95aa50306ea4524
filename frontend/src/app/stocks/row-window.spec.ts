import { windowOf } from './row-window';

describe('windowOf', () => {
  it.each([
    [500, 0, 500, { first: 0, end: 16 }],
    [500, 2_000, 500, { first: 34, end: 56 }],
    [500, -300, 500, { first: 0, end: 10 }],
    [500, 24_900, 500, { first: 492, end: 500 }],
    [10, 2_000, 500, { first: 10, end: 10 }],
    [0, 0, 500, { first: 0, end: 0 }],
  ])('of %i rows, %i px down, %i px high', (count, top, height, rows) => {
    expect(windowOf(count, 50, top, height)).toEqual(rows);
  });
});
