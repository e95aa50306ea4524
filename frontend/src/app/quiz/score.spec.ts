import { counted } from './score';

describe('counted', () => {
  it('counts what was asked and right, and how many were right in a row', () => {
    let points = { asked: 0, right: 0, streak: 0 };
    for (const isCorrect of [true, true, false, true]) points = counted(points, isCorrect);
    expect(points).toEqual({ asked: 4, right: 3, streak: 1 });
  });
});
