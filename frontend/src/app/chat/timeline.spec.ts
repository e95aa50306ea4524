import { ANA, aMessage, messages, mine } from '../../testing/samples';
import {
  EMPTY,
  Timeline,
  addNewer,
  addOlder,
  firstUnread,
  hasHole,
  keepNewest,
  keepOldest,
  leaveOffHere,
  receive,
  startFrom,
} from './timeline';

const seqs = (timeline: Timeline) => timeline.messages.map((message) => message.seq);
const at = (from: number, to: number, changes: Partial<Timeline> = {}): Timeline => ({
  ...EMPTY,
  messages: messages(from, to),
  hasOlder: from > 1,
  ...changes,
});

describe('timeline', () => {
  it('takes live messages in order', () => {
    const timeline = messages(1, 4).reduce(receive, EMPTY);
    expect(seqs(timeline)).toEqual([1, 2, 3, 4]);
    expect(hasHole(timeline)).toBe(false);
  });

  it('shows nothing twice, whichever way it comes again', () => {
    let timeline = at(5, 8);
    timeline = receive(timeline, aMessage(8));
    timeline = receive(timeline, aMessage(6));
    timeline = addNewer(timeline, { messages: messages(6, 9), hasMore: false });
    timeline = addOlder(timeline, { messages: messages(3, 6), hasMore: true });
    timeline = startFrom(timeline, { messages: messages(4, 9), hasMore: true });
    expect(seqs(timeline)).toEqual([4, 5, 6, 7, 8, 9]);
  });

  it('holds back what lies beyond a hole until the hole is filled', () => {
    let timeline = receive(receive(at(1, 3), aMessage(6)), aMessage(5));
    expect(seqs(timeline)).toEqual([1, 2, 3]);
    expect(hasHole(timeline)).toBe(true);
    timeline = receive(timeline, aMessage(4));
    expect(seqs(timeline)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(hasHole(timeline)).toBe(false);
  });

  it('fills a hole from a page that overlaps what waits', () => {
    const timeline = addNewer(receive(at(1, 3), aMessage(7)), { messages: messages(4, 7), hasMore: false });
    expect(seqs(timeline)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(hasHole(timeline)).toBe(false);
  });

  it('ends in the same order however twelve messages arrive', () => {
    const all = messages(1, 12);
    for (let round = 0; round < 50; round++) {
      const shuffled = all
        .flatMap((message) => (Math.random() < 0.3 ? [message, message] : [message]))
        .sort(() => Math.random() - 0.5);
      expect(seqs(shuffled.reduce(receive, EMPTY))).toEqual(all.map((message) => message.seq));
    }
  });

  it('keeps live messages that came while the newest page was on its way', () => {
    const live = receive(receive(EMPTY, aMessage(11)), aMessage(12));
    expect(seqs(startFrom(live, { messages: messages(6, 10), hasMore: true }))).toEqual([6, 7, 8, 9, 10, 11, 12]);
  });

  it('starts again from the newest page after a long absence', () => {
    const timeline = startFrom(at(1, 10), { messages: messages(500, 549), hasMore: true });
    expect(seqs(timeline)[0]).toBe(500);
    expect(timeline.hasOlder).toBe(true);
  });

  it('orders and cleans a page that is neither ordered nor clean', () => {
    const page = [aMessage(3), aMessage(1), aMessage(2), aMessage(2)];
    expect(seqs(startFrom(EMPTY, { messages: page, hasMore: false }))).toEqual([1, 2, 3]);
  });

  describe('with its newer end dropped', () => {
    const far = keepOldest(at(1, 10), 5);

    it('knows that there is more', () => {
      expect(seqs(far)).toEqual([1, 2, 3, 4, 5]);
      expect(far.hasNewer).toBe(true);
    });

    it('does not put live messages where they do not belong, nor takes that for a hole', () => {
      const timeline = receive(far, aMessage(11));
      expect(seqs(timeline)).toEqual([1, 2, 3, 4, 5]);
      expect(hasHole(timeline)).toBe(false);
    });

    it('does not even take the next one by its number, because a page may be on its way', () => {
      expect(seqs(receive(far, aMessage(6)))).toEqual([1, 2, 3, 4, 5]);
    });

    it('joins up again page by page, with what came live meanwhile', () => {
      let timeline = receive(far, aMessage(11));
      timeline = addNewer(timeline, { messages: messages(6, 8), hasMore: true });
      expect(timeline.hasNewer).toBe(true);
      timeline = addNewer(timeline, { messages: messages(9, 10), hasMore: false });
      expect(seqs(timeline)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
      expect(timeline.hasNewer).toBe(false);
    });

    it('jumps to the newest page without losing what came live meanwhile', () => {
      const timeline = startFrom(receive(far, aMessage(11)), { messages: messages(8, 10), hasMore: true });
      expect(seqs(timeline)).toEqual([8, 9, 10, 11]);
    });
  });

  it('drops from the older end', () => {
    const timeline = keepNewest(at(1, 10), 4);
    expect(seqs(timeline)).toEqual([7, 8, 9, 10]);
    expect(timeline.hasOlder).toBe(true);
    expect(keepNewest(timeline, 4)).toBe(timeline);
  });

  it('leaves a reader where they are', () => {
    const timeline = leaveOffHere(receive(at(1, 3), aMessage(900)));
    expect(seqs(timeline)).toEqual([1, 2, 3]);
    expect(timeline.hasNewer).toBe(true);
    expect(hasHole(timeline)).toBe(false);
  });

  it('keeps what waits beyond a hole within bounds', () => {
    const timeline = messages(1_000, 2_000).reduce(receive, at(1, 3));
    expect(timeline.ahead.length).toBe(200);
    expect(timeline.ahead.at(-1)!.seq).toBe(2_000);
  });
});

describe('firstUnread', () => {
  const talk: Timeline = {
    ...EMPTY,
    messages: [aMessage(4), mine(5), aMessage(6), mine(7), aMessage(8)],
    hasOlder: true,
  };

  it('is the first one of somebody else after the mark', () => {
    expect(firstUnread(talk, ANA.id, 3)?.seq).toBe(4);
    expect(firstUnread(talk, ANA.id, 4)?.seq).toBe(6);
    expect(firstUnread(talk, ANA.id, 7)?.seq).toBe(8);
  });

  it('does not guess while earlier ones are not loaded', () => {
    expect(firstUnread(talk, ANA.id, 2)).toBeNull();
    expect(firstUnread({ ...talk, hasOlder: false }, ANA.id, 2)?.seq).toBe(4);
    expect(firstUnread(EMPTY, ANA.id, 0)).toBeNull();
  });

  it('is nowhere when everything is read', () => {
    expect(firstUnread(talk, ANA.id, 8)).toBeNull();
  });
});
