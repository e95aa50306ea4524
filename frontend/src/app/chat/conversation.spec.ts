import { HttpErrorResponse } from '@angular/common/http';

import { messages, aMessage } from '../../testing/samples';
import { Message } from '../realtime/chat-hub.contract';
import { MessagePage, Where } from './chat-api';
import { Conversation, MOST_SHOWN } from './conversation';

/** A room on a server with so many messages. */
class FakeRoom {
  readonly asked: Where[] = [];
  failing: number | null = null;

  constructor(public count: number) {}

  readonly fetch = (where: Where, limit: number): Promise<MessagePage> => {
    this.asked.push(where);
    if (this.failing !== null) return Promise.reject(new HttpErrorResponse({ status: this.failing }));
    const all = messages(1, this.count);
    const index = (id: string) => all.findIndex((message) => message.id === id);
    if ('before' in where) {
      const end = index(where['before']!);
      return this.page(all.slice(Math.max(0, end - limit), end), end > limit);
    }
    if ('after' in where) {
      const start = index(where['after']!) + 1;
      return this.page(all.slice(start, start + limit), start + limit < all.length);
    }
    return this.page(all.slice(-limit), all.length > limit);
  };

  private page(page: Message[], hasMore: boolean): Promise<MessagePage> {
    return Promise.resolve({ messages: page, position: 'p', hasMore });
  }
}

describe('Conversation', () => {
  const make = async (count: number) => {
    const room = new FakeRoom(count);
    const merged: Message[] = [];
    const talk = new Conversation('r-lobby', room.fetch, (some) => merged.push(...some));
    await talk.open();
    return { room, talk, merged };
  };
  const range = (talk: Conversation) => {
    const seqs = talk.messages().map((message) => message.seq);
    seqs.forEach((seq, i) => i > 0 && expect(seq).toBe(seqs[i - 1]! + 1));
    return [seqs[0], seqs.at(-1)];
  };

  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());
  const pass = (milliseconds = 0) => vi.advanceTimersByTimeAsync(milliseconds);

  it('opens at the newest page', async () => {
    const { talk, merged } = await make(120);
    expect(talk.phase()).toBe('ready');
    expect(range(talk)).toEqual([71, 120]);
    expect(merged).toHaveLength(50);
  });

  it('pages back to the beginning', async () => {
    const { talk } = await make(120);
    await talk.loadOlder();
    await talk.loadOlder();
    expect(range(talk)).toEqual([1, 120]);
    expect(talk.timeline().hasOlder).toBe(false);
  });

  it('asks for one page at a time', async () => {
    const { talk, room } = await make(300);
    await Promise.all([talk.loadOlder(), talk.loadOlder(), talk.loadOlder()]);
    expect(room.asked).toHaveLength(2);
  });

  it('stays within bounds however far one scrolls, there and back', async () => {
    const { talk } = await make(3_000);
    talk.following = false;
    for (let i = 0; i < 59; i++) await talk.loadOlder();
    expect(range(talk)).toEqual([1, MOST_SHOWN]);
    for (let i = 0; i < 60; i++) await talk.loadNewer();
    expect(range(talk)).toEqual([3_001 - MOST_SHOWN, 3_000]);
    expect(talk.timeline().hasNewer).toBe(false);
  });

  it('goes from far up to the newest in one step', async () => {
    const { talk } = await make(1_000);
    for (let i = 0; i < 10; i++) await talk.loadOlder();
    await talk.goToNewest();
    expect(range(talk)).toEqual([951, 1_000]);
  });

  it('fills a hole as soon as one shows', async () => {
    const { talk, room } = await make(10);
    room.count = 14;
    talk.receive(aMessage(14));
    expect(range(talk)).toEqual([1, 10]);
    await pass();
    expect(range(talk)).toEqual([1, 14]);
  });

  it('tries again when a hole could not be filled', async () => {
    const { talk, room } = await make(10);
    room.count = 14;
    room.failing = 0;
    talk.receive(aMessage(14));
    await pass(3_000);
    expect(range(talk)).toEqual([1, 10]);
    room.failing = null;
    await pass(3_000);
    expect(range(talk)).toEqual([1, 14]);
  });

  it('asks nothing when messages follow one another', async () => {
    const { talk, room } = await make(10);
    talk.receive(aMessage(11));
    talk.receive(aMessage(11));
    await pass(10_000);
    expect(range(talk)).toEqual([1, 11]);
    expect(room.asked).toHaveLength(1);
  });

  it('catches up page by page', async () => {
    const { talk, room, merged } = await make(10);
    room.count = 260;
    await talk.catchUp();
    expect(range(talk)).toEqual([1, 260]);
    expect(merged.at(-1)!.seq).toBe(260);
  });

  it('starts again from the newest page when too much was missed', async () => {
    const { talk, room } = await make(10);
    room.count = 5_000;
    await talk.catchUp();
    expect(range(talk)[1]).toBe(5_000);
    expect(talk.messages().length).toBeLessThanOrEqual(MOST_SHOWN);
    expect(room.asked.length).toBeLessThan(10);
  });

  it('does not pull a reader away who is further up', async () => {
    const { talk, room } = await make(10);
    talk.following = false;
    room.count = 5_000;
    await talk.catchUp();
    expect(range(talk)[0]).toBe(1);
    expect(talk.timeline().hasNewer).toBe(true);
  });

  it('catches up a room that was not looked at when it is opened again', async () => {
    const { talk, room } = await make(10);
    room.count = 20;
    talk.markStale();
    await pass();
    expect(range(talk)).toEqual([1, 10]);
    await talk.open();
    expect(range(talk)).toEqual([1, 20]);
  });

  it('follows an empty room from its first message', async () => {
    const { talk } = await make(0);
    expect(talk.phase()).toBe('ready');
    talk.receive(aMessage(1));
    expect(range(talk)).toEqual([1, 1]);
  });

  it('loses nothing that comes live while it loads', async () => {
    const room = new FakeRoom(10);
    const talk = new Conversation('r-lobby', room.fetch, () => undefined);
    const opening = talk.open();
    talk.receive(aMessage(11));
    await opening;
    expect(range(talk)).toEqual([1, 11]);
  });

  it('tells a missing room from a server that is away', async () => {
    const room = new FakeRoom(10);
    const talk = new Conversation('r-lobby', room.fetch, () => undefined);
    room.failing = 0;
    await talk.open();
    expect(talk.phase()).toBe('failed');
    room.failing = 404;
    await talk.open();
    expect(talk.phase()).toBe('missing');
    room.failing = null;
    await talk.open();
    expect(talk.phase()).toBe('ready');
  });

  it('keeps what is there when an earlier page cannot be had', async () => {
    const { talk, room } = await make(100);
    room.failing = 0;
    await talk.loadOlder();
    expect(talk.olderFailed()).toBe(true);
    expect(range(talk)).toEqual([51, 100]);
    room.failing = null;
    await talk.loadOlder();
    expect(talk.olderFailed()).toBe(false);
    expect(range(talk)).toEqual([1, 100]);
  });
});
