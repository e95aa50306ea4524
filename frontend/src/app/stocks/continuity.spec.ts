import { anUpdate } from '../../testing/stock-samples';
import { Continuity } from './continuity';

describe('Continuity', () => {
  let continuity: Continuity;
  beforeEach(() => (continuity = new Continuity()));

  it('follows a snapshot, tick by tick and with ticks folded', () => {
    expect(continuity.follow(anUpdate(7, { isSnapshot: true }))).toBe('new');
    expect(continuity.follow(anUpdate(8))).toBe('new');
    expect(continuity.follow(anUpdate(12, { conflated: 3 }))).toBe('new');
    expect(continuity.follow(anUpdate(13))).toBe('new');
  });

  it.each([
    ['left out', anUpdate(10), { expected: 8, came: 10 }],
    ['left out beside those folded', anUpdate(12, { conflated: 3 }), { expected: 8, came: 9 }],
    ['twice', anUpdate(7), { expected: 8, came: 7 }],
  ])('sees a tick that is %s', (_, update, gap) => {
    continuity.follow(anUpdate(7, { isSnapshot: true }));
    expect(continuity.follow(update)).toEqual(gap);
    expect(continuity.follow(anUpdate(20, { isSnapshot: true }))).toBe('new');
    expect(continuity.follow(anUpdate(21))).toBe('new');
  });

  it('sees that nothing was there to follow', () => {
    expect(continuity.follow(anUpdate(3))).toEqual({ expected: 3, came: 3 });
  });

  it('waits for a replica that is behind, and does not jump back', () => {
    continuity.follow(anUpdate(20, { isSnapshot: true }));
    expect(continuity.follow(anUpdate(18, { isSnapshot: true }))).toBe('behind');
    expect(continuity.follow(anUpdate(19))).toBe('behind');
    expect(continuity.follow(anUpdate(21, { conflated: 1 }))).toBe('new');
  });

  it('believes a market that was set back', () => {
    continuity.follow(anUpdate(20, { isSnapshot: true }));
    const later = anUpdate(21).tickedAt;
    expect(continuity.follow(anUpdate(5, { isSnapshot: true, tickedAt: later }))).toBe('new');
  });

  it('takes the same snapshot again', () => {
    continuity.follow(anUpdate(20, { isSnapshot: true }));
    expect(continuity.follow(anUpdate(20, { isSnapshot: true }))).toBe('new');
  });
});
