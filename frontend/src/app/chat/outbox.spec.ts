import { provideHttpClient } from '@angular/common/http';
import { provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';

import { FakeHub, hubException } from '../../testing/fake-hub';
import { ANA, mine, settled, signedInAs, until } from '../../testing/samples';
import { ChatHub } from '../realtime/chat-hub';
import { Message } from '../realtime/chat-hub.contract';
import { MOST_UNSENT, Outbox } from './outbox';
import { OutboxEntry, nextToSend, reconcile } from './outbox-entry';
import { OUTBOX_SHELF, OutboxShelf } from './outbox-shelf';

const entry = (clientMessageId: string, changes: Partial<OutboxEntry> = {}): OutboxEntry => ({
  clientMessageId,
  userId: ANA.id,
  roomId: 'r-lobby',
  text: clientMessageId,
  writtenAt: 1,
  state: 'waiting',
  attempts: 0,
  reason: null,
  ...changes,
});

class FakeShelf implements OutboxShelf {
  readonly kept = new Map<string, OutboxEntry>();
  broken = false;

  all(userId: string): Promise<OutboxEntry[]> {
    return this.work(() => [...this.kept.values()].filter((kept) => kept.userId === userId));
  }

  put(kept: OutboxEntry): Promise<void> {
    return this.work(() => void this.kept.set(kept.clientMessageId, kept));
  }

  remove(clientMessageId: string): Promise<void> {
    return this.work(() => void this.kept.delete(clientMessageId));
  }

  private work<T>(what: () => T): Promise<T> {
    return this.broken ? Promise.reject(new Error('The disk is full.')) : Promise.resolve(what());
  }
}

describe('Outbox', () => {
  let hub: FakeHub;
  let shelf: FakeShelf;
  /** What the server has stored, by client id. */
  let stored: Map<string, Message>;

  const store = (roomId: string, text: string, clientMessageId: string): Message => {
    const known = stored.get(clientMessageId);
    if (known) return known;
    const message = mine(stored.size + 1, { roomId, text, clientMessageId });
    stored.set(clientMessageId, message);
    return message;
  };
  const make = () => {
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(),
        provideHttpClientTesting(),
        hub.provide(),
        signedInAs(),
        { provide: OUTBOX_SHELF, useValue: shelf },
        Outbox,
      ],
    });
    return TestBed.inject(Outbox);
  };
  const connect = async () => {
    TestBed.inject(ChatHub).link.start();
    await until('a connection', () => hub.connected.length > 0);
    TestBed.tick();
    await settled();
  };
  const texts = () => [...stored.values()].map((message) => message.text);

  beforeEach(() => {
    hub = new FakeHub();
    shelf = new FakeShelf();
    stored = new Map();
    hub.answer('SendMessage', store);
  });

  it('sends in the order of writing, one at a time', async () => {
    const outbox = make();
    let running = 0;
    hub.answer('SendMessage', async (roomId: string, text: string, id: string) => {
      expect(++running).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10));
      running--;
      return store(roomId, text, id);
    });
    await connect();
    for (const text of ['one', 'two', 'three', 'four']) outbox.post('r-lobby', text);
    expect(outbox.entries().map((waiting) => waiting.text)).toEqual(['one', 'two', 'three', 'four']);
    await until('everything sent', () => outbox.entries().length === 0);
    expect(texts()).toEqual(['one', 'two', 'three', 'four']);
    expect(shelf.kept.size).toBe(0);
  });

  it('keeps what is written without a connection and sends it when there is one', async () => {
    const outbox = make();
    outbox.post('r-lobby', 'patience');
    await settled();
    expect(outbox.entries()[0]).toMatchObject({ state: 'waiting', attempts: 0 });
    expect([...shelf.kept.values()].map((kept) => kept.text)).toEqual(['patience']);
    await connect();
    await until('it is sent', () => outbox.entries().length === 0);
    expect(texts()).toEqual(['patience']);
  });

  it('sends what an earlier page left behind', async () => {
    shelf.kept.set('b', entry('b', { writtenAt: 2 }));
    shelf.kept.set('a', entry('a', { writtenAt: 1 }));
    shelf.kept.set('x', entry('x', { userId: 'somebody-else' }));
    const outbox = make();
    await connect();
    await until('both sent', () => stored.size === 2 && outbox.entries().length === 0);
    expect(texts()).toEqual(['a', 'b']);
    expect([...shelf.kept.keys()]).toEqual(['x']);
  });

  it('repeats with the same id when the answer was lost, so that nothing is said twice', async () => {
    const outbox = make();
    let lost = 2;
    hub.answer('SendMessage', (roomId: string, text: string, id: string) => {
      const message = store(roomId, text, id);
      if (lost-- > 0) hub.drop();
      return message;
    });
    await connect();
    outbox.post('r-lobby', 'once');
    await until('it is settled', () => outbox.entries().length === 0 && hub.callsOf('SendMessage').length === 3);
    expect(texts()).toEqual(['once']);
    expect(new Set(hub.callsOf('SendMessage').map((call) => call.args[2])).size).toBe(1);
  });

  it('tries again by itself while the server is unavailable', async () => {
    const outbox = make();
    let refusals = 2;
    hub.answer('SendMessage', (roomId: string, text: string, id: string) => {
      if (refusals-- > 0) throw hubException('SendMessage', 'unavailable', 'Later.');
      return store(roomId, text, id);
    });
    await connect();
    outbox.post('r-lobby', 'first');
    outbox.post('r-lobby', 'second');
    await until('both sent', () => outbox.entries().length === 0);
    expect(texts()).toEqual(['first', 'second']);
  });

  it('leaves a refused message to the person, and goes on with the next', async () => {
    const outbox = make();
    hub.answer('SendMessage', (roomId: string, text: string, id: string) => {
      if (text === 'bad') throw hubException('SendMessage', 'not_a_member', 'You are not in this room.');
      return store(roomId, text, id);
    });
    await connect();
    outbox.post('r-lobby', 'bad');
    outbox.post('r-lobby', 'good');
    await until('the next is sent', () => stored.size === 1 && outbox.entries().length === 1);
    expect(outbox.entries()[0]).toMatchObject({ text: 'bad', state: 'failed', reason: 'You are not in this room.' });
    expect([...shelf.kept.values()][0]).toMatchObject({ state: 'failed' });

    hub.answer('SendMessage', store);
    await outbox.retry(outbox.entries()[0]!.clientMessageId);
    await until('it is sent', () => outbox.entries().length === 0);
    expect(texts()).toEqual(['good', 'bad']);
  });

  it('does not send what was discarded', async () => {
    const outbox = make();
    outbox.post('r-lobby', 'no');
    await settled();
    outbox.discard(outbox.entries()[0]!.clientMessageId);
    await connect();
    await settled();
    expect(outbox.entries()).toEqual([]);
    expect(stored.size).toBe(0);
    expect(shelf.kept.size).toBe(0);
  });

  it('is done with a message that comes back live, although the answer never did', async () => {
    const outbox = make();
    hub.answer('SendMessage', () => new Promise(() => undefined));
    await connect();
    outbox.post('r-lobby', 'hello');
    await until('it is being sent', () => hub.callsOf('SendMessage').length === 1);
    const id = hub.callsOf('SendMessage')[0]!.args[2] as string;
    hub.push('ReceiveMessage', mine(1, { clientMessageId: id }));
    expect(outbox.entries()).toEqual([]);
  });

  it('is not impressed by the same client id of somebody else', () => {
    const outbox = make();
    outbox.post('r-lobby', 'hello');
    const { clientMessageId } = outbox.entries()[0]!;
    outbox.settle([mine(1, { userId: 'u-bruno', clientMessageId })]);
    expect(outbox.entries()).toHaveLength(1);
  });

  it('sends also when nothing can be stored on this device', async () => {
    shelf.broken = true;
    const outbox = make();
    await connect();
    outbox.post('r-lobby', 'no disk');
    await until('it is sent', () => outbox.entries().length === 0);
    expect(texts()).toEqual(['no disk']);
  });

  it('takes no more than it can hold', () => {
    const outbox = make();
    for (let i = 0; i < MOST_UNSENT; i++) expect(outbox.post('r-lobby', `${i}`)).toBe(true);
    expect(outbox.post('r-lobby', 'one too many')).toBe(false);
    expect(outbox.entries()).toHaveLength(MOST_UNSENT);
  });

  it('tells what the server stored', async () => {
    const outbox = make();
    const accepted: string[] = [];
    outbox.accepted.subscribe((message) => accepted.push(message.text));
    await connect();
    outbox.post('r-lobby', 'hello');
    await until('it is told', () => accepted.length > 0);
    expect(accepted).toEqual(['hello']);
  });
});

describe('nextToSend', () => {
  it('is the one written first, whatever the order in the list', () => {
    const entries = [
      entry('b', { writtenAt: 2 }),
      entry('a', { writtenAt: 1 }),
      entry('z', { roomId: 'other', writtenAt: 0 }),
    ];
    expect(nextToSend(entries, 'r-lobby')?.clientMessageId).toBe('a');
  });

  it('passes over what failed', () => {
    expect(nextToSend([entry('a', { state: 'failed' }), entry('b')], 'r-lobby')?.clientMessageId).toBe('b');
    expect(nextToSend([entry('a', { state: 'failed' })], 'r-lobby')).toBeNull();
  });
});

describe('reconcile', () => {
  const none = new Set<string>();

  it('keeps what this tab is writing down', () => {
    const shown = [entry('mine')];
    expect(reconcile([], shown, new Set(['mine']), none)).toEqual(shown);
  });

  it('does not bring back what is done', () => {
    expect(reconcile([entry('done')], [], none, new Set(['done']))).toEqual([]);
  });

  it('drops what another tab has finished', () => {
    expect(reconcile([], [entry('theirs')], none, none)).toEqual([]);
  });

  it('shows that this tab is sending an entry of another tab', () => {
    const sending = entry('theirs', { state: 'sending' });
    expect(reconcile([entry('theirs')], [sending], none, none)).toEqual([sending]);
  });
});
