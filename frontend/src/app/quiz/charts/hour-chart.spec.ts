import { wholeSteps } from './hour-chart';

describe('wholeSteps', () => {
  it.each([
    [0, [0, 1]],
    [1, [0, 1]],
    [4, [0, 1, 2, 3, 4]],
    [7, [0, 2, 4, 6, 8]],
    [11, [0, 5, 10, 15]],
    [99, [0, 20, 40, 60, 80, 100]],
    [4_321, [0, 1_000, 2_000, 3_000, 4_000, 5_000]],
  ])('go from 0 to above %i', (most, steps) => {
    expect(wholeSteps(most)).toEqual(steps);
  });
});
