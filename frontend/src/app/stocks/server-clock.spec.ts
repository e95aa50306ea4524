import { aheadOf } from './server-clock';

describe('aheadOf', () => {
  it('believes the shortest round trip', () => {
    expect(
      aheadOf([
        { ahead: 90, trip: 40 },
        { ahead: 101, trip: 4 },
        { ahead: 130, trip: 70 },
      ]),
    ).toBe(101);
  });

  it('takes the clocks for equal until it knows', () => {
    expect(aheadOf([])).toBe(0);
  });
});
