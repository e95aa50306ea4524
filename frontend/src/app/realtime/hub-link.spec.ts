import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';

import { FakeHub, hubException } from '../../testing/fake-hub';
import { LONGEST_SILENCE } from './hub-connection';
import { HubLink } from './hub-link';
import { ATTEMPT_TIMEOUT } from './reconnect-policy';
import { Replicas } from './replicas';

const A = location.origin;
const B = 'http://h:5002';
const C = 'http://h:5003';

describe('HubLink', () => {
  let hub: FakeHub;
  let link: HubLink;

  beforeEach(() => {
    vi.useFakeTimers();
    localStorage.setItem(
      'hubbub.replicas',
      JSON.stringify([
        { name: 'replica-a', url: A },
        { name: 'replica-b', url: B },
        { name: 'replica-c', url: C },
      ]),
    );
    hub = new FakeHub();
    TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting(), hub.provide()] });
    link = TestBed.runInInjectionContext(() => new HubLink('/chatHub'));
  });
  afterEach(() => {
    TestBed.resetTestingModule();
    vi.useRealTimers();
  });

  const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);
  const start = async () => {
    link.start();
    await pass(0);
  };
  /** A connected client hears pings; without them it would rightly take the link for dead. */
  const quietly = async (milliseconds: number) => {
    for (let left = milliseconds; left > 0; left -= 1_000) {
      hub.push('Ping', null);
      await pass(Math.min(1_000, left));
    }
  };

  it('connects where the page came from and tells so', async () => {
    await start();
    expect(link.state()).toMatchObject({
      phase: 'connected',
      transport: 'WebSockets',
      replica: { url: A, name: 'replica-a' },
    });
    expect(link.connections()).toBe(1);
  });

  it('goes to another replica well within a second when its own dies', async () => {
    await start();
    hub.kill(A);
    await pass(600);
    expect(link.state().phase).toBe('connected');
    expect([B, C]).toContain(link.state().replica?.url);
    expect(TestBed.inject(Replicas).current().url).toBe(link.state().replica?.url);
  });

  it('asks for a snapshot with every connection that does not go on where the last one ended, and with no other', async () => {
    await start();
    expect(link.freshStarts()).toBe(1);
    hub.resumption = { resumed: true, replayed: 0, reason: null };
    hub.kill(A);
    await pass(1_000);
    expect(link.connections()).toBe(2);
    expect(link.freshStarts()).toBe(1);
    hub.resumption = { resumed: false, replayed: 0, reason: 'epoch' };
    hub.drop();
    await pass(5_000);
    expect(link.connections()).toBe(3);
    expect(link.freshStarts()).toBe(2);
  });

  it('asks for a snapshot with every connection to a backplane that cannot resume, and knows what kind it is', async () => {
    await start();
    expect(link.backplane()).toBe('log');
    for (const [count, backplane, kind] of [
      [2, 'microsoft', 'lossy'],
      [3, 'none', 'none'],
      [4, 'one of later', 'lossy'],
    ] as const) {
      hub.resumption = { resumed: false, replayed: 0, reason: 'unsupported', backplane };
      hub.drop();
      await pass(5_000);
      expect(link.freshStarts()).toBe(count);
      expect(link.backplane()).toBe(kind);
    }
    hub.resumption = { resumed: false, replayed: 0, reason: 'new' };
    hub.drop();
    await pass(5_000);
    expect(link.backplane()).toBe('log');
  });

  it('asks for a snapshot also if the connection that began anew was given up when the answer came', async () => {
    await start();
    hub.resumption = { resumed: false, replayed: 0, reason: 'epoch' };
    for (const replica of [A, B, C]) hub.late.set(replica, ATTEMPT_TIMEOUT + 1);
    hub.drop();
    await pass(2 * ATTEMPT_TIMEOUT);
    expect(link.connected()).toBe(false);

    // What comes next goes on from the position that this answer gave.
    hub.late.clear();
    hub.resumption = { resumed: true, replayed: 0, reason: null };
    await pass(2 * ATTEMPT_TIMEOUT);
    expect(link.connected()).toBe(true);
    expect(link.freshStarts()).toBe(2);
  });

  it('counts what was missed once all of it has come', async () => {
    await start();
    expect(link.replays()).toBeNull();
    hub.resumption = { resumed: true, replayed: 3, reason: null };
    hub.kill(A);
    await pass(1_000);
    expect(link.replays()).toBeNull();
    hub.replay('ReceiveMessage', { text: 'one' });
    hub.replay('PersonLeft', {});
    expect(link.replays()).toBeNull();
    hub.replay('ReceiveMessage', { text: 'two' });
    expect(link.replays()).toEqual(
      new Map([
        ['ReceiveMessage', 2],
        ['PersonLeft', 1],
      ]),
    );
  });

  it('does not take a connection for one before the server has answered to its position', async () => {
    hub.silent.add(A);
    await start();
    await pass(2_000);
    expect(link.connected()).toBe(false);
    await pass(3_000);
    expect(link.state().replica?.url).not.toBe(A);
    expect(link.connected()).toBe(true);
  });

  it('tells what happened', async () => {
    await start();
    hub.kill(A);
    hub.dead.add(B);
    await pass(3_000);
    expect(link.recovery()).toMatchObject({
      from: { name: 'replica-a' },
      to: { name: 'replica-c' },
      asked: false,
      missed: null,
    });
    expect(link.recovery()!.took).toBeLessThan(3_000);
    expect(link.events()[0]!.text).toMatch(/^moved from replica-a to replica-c after \d+\.\d s$/);
    link.caughtUp(3);
    expect(link.recovery()!.missed).toBe(3);
  });

  it('tries for ever, the lost replica too, with pauses that stay bounded', async () => {
    await start();
    for (const replica of [A, B, C]) hub.kill(replica);
    await pass(10 * 60_000);
    expect(link.state().phase).toBe('reconnecting');
    const tried = hub.attempts.length;
    expect(tried).toBeGreaterThan((10 * 60 * 1_000) / 5_000);
    expect(tried).toBeLessThan(300);
    expect(new Set(hub.attempts)).toEqual(new Set([A, B, C]));

    hub.dead.delete(A);
    for (let i = 0; i < 40 && !link.connected(); i++) await pass(500);
    expect(link.state()).toMatchObject({ phase: 'connected', replica: { url: A } });
    expect(link.events()[0]!.text).toContain('back on replica-a');
  });

  it('does not wait for a replica that takes the connection and never answers', async () => {
    hub.hanging.add(A);
    await start();
    await pass(4_000);
    expect(link.state().phase).toBe('connected');
    expect(link.state().replica?.url).not.toBe(A);
  });

  it('takes a silent link for dead after about ten seconds', async () => {
    await start();
    await quietly(30_000);
    expect(link.connections()).toBe(1);
    hub.hanging.add(A);
    await pass(LONGEST_SILENCE + 2_500);
    expect(link.connections()).toBe(2);
    expect(link.state().replica?.url).not.toBe(A);
  });

  it('finds out at once after sleep, when timers stood still', async () => {
    await start();
    vi.setSystemTime(Date.now() + 3_600_000);
    hub.hanging.add(A);
    await pass(2_100 + 100);
    expect(link.connections()).toBe(2);
  });

  it('asks the replica when the page wakes, and leaves one that does not answer', async () => {
    await start();
    await pass(3_000);
    window.dispatchEvent(new Event('online'));
    TestBed.inject(HttpTestingController)
      .match((request) => request.url.endsWith('/api/replicas'))
      .forEach((request) => request.error(new ProgressEvent('error')));
    await pass(200);
    expect(link.connections()).toBe(2);
  });

  it('cuts its pause short when the page wakes', async () => {
    await start();
    for (const replica of [A, B, C]) hub.kill(replica);
    await pass(60_000);
    for (const replica of [A, B, C]) hub.dead.delete(replica);
    window.dispatchEvent(new Event('online'));
    await pass(1);
    expect(link.state().phase).toBe('connected');
  });

  it('returns to the same replica when only the token had ended', async () => {
    await start();
    hub.tokenEndsAt = Date.now() + 2_000;
    hub.drop();
    await pass(150);
    // The connection that was just made has the short token.
    expect(link.connections()).toBe(2);
    const before = link.state().replica?.url;
    hub.tokenEndsAt = Number.MAX_SAFE_INTEGER;
    hub.drop();
    await pass(150);
    expect(link.connections()).toBe(3);
    expect(link.state().replica?.url).toBe(before);
  });

  it('moves where the person wants, and says that it was asked for', async () => {
    await start();
    link.moveTo(C);
    await pass(150);
    expect(link.state()).toMatchObject({ phase: 'connected', replica: { url: C } });
    expect(link.recovery()).toMatchObject({ asked: true });
  });

  it('goes back when the wanted replica does not answer', async () => {
    await start();
    hub.dead.add(C);
    link.moveTo(C);
    await pass(1_000);
    expect(link.state()).toMatchObject({ phase: 'connected', replica: { url: A } });
  });

  it('says offline while the browser has no network', async () => {
    await start();
    const online = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    window.dispatchEvent(new Event('offline'));
    for (const replica of [A, B, C]) hub.kill(replica);
    await pass(3_000);
    expect(link.state().phase).toBe('offline');
    online.mockRestore();
  });

  it('keeps handlers over connections', async () => {
    const heard: string[] = [];
    link.on('ReceiveMessage', (text: string) => heard.push(text));
    await start();
    hub.push('ReceiveMessage', 'one');
    hub.drop();
    await pass(1_000);
    hub.push('ReceiveMessage', 'two');
    expect(heard).toEqual(['one', 'two']);
  });

  it('stays away once stopped', async () => {
    await start();
    link.stop();
    await pass(30_000);
    expect(hub.connected).toEqual([]);
    expect(link.state().phase).toBe('idle');
    expect(hub.attempts).toHaveLength(1);
  });

  it('tells the next person nothing of the one before', async () => {
    await start();
    hub.kill(A);
    await pass(1_000);
    expect(link.recovery()).not.toBeNull();
    link.stop();
    expect(link.recovery()).toBeNull();
    expect(link.events()).toEqual([]);
    const before = link.freshStarts();
    await start();
    await pass(100);
    expect(link.recovery()).toBeNull();
    expect(link.freshStarts()).toBe(before + 1);
  });

  describe('calls', () => {
    it('return what the server answers', async () => {
      hub.answer('Add', (a: number, b: number) => a + b);
      await start();
      expect(await link.invoke('Add', 1, 2)).toBe(3);
    });

    it('fail as unavailable without a connection', async () => {
      await expect(link.invoke('Add')).rejects.toMatchObject({ code: 'unavailable' });
    });

    it('fail as unavailable when the connection is lost before the answer', async () => {
      hub.answer('Add', () => new Promise(() => undefined));
      await start();
      const call = expect(link.invoke('Add')).rejects.toMatchObject({ code: 'unavailable' });
      hub.drop();
      await call;
    });

    it('fail as unavailable when the server is silent', async () => {
      hub.answer('Add', () => new Promise(() => undefined));
      await start();
      const call = expect(link.invoke('Add')).rejects.toMatchObject({ code: 'unavailable' });
      await quietly(10_500);
      await call;
    });

    it('fail with what the server says', async () => {
      hub.answer('Add', () => {
        throw hubException('Add', 'not_a_member', 'You are not in it.');
      });
      await start();
      await expect(link.invoke('Add')).rejects.toMatchObject({ code: 'not_a_member', message: 'You are not in it.' });
    });
  });

  describe('a stream', () => {
    const collect = () => {
      const seen: unknown[] = [];
      const subscription = link.stream<number>('Count', 3).subscribe({
        next: (item) => seen.push(item),
        error: (fault: { code: string }) => seen.push(fault.code),
        complete: () => seen.push('complete'),
      });
      return { seen, subscription };
    };

    it('brings what the server sends, to its end', async () => {
      await start();
      const { seen } = collect();
      expect(hub.streams).toMatchObject([{ replica: A, method: 'Count', args: [3] }]);
      hub.sendItem('Count', 1);
      hub.sendItem('Count', 2);
      hub.streams[0]!.observer.complete();
      expect(seen).toEqual([1, 2, 'complete']);
    });

    it('is ended at the server when nobody listens any more', async () => {
      await start();
      const { seen, subscription } = collect();
      subscription.unsubscribe();
      expect(hub.streams).toEqual([]);
      expect(seen).toEqual([]);
    });

    it('fails when there is no connection, and with the one that it came over', async () => {
      expect(collect().seen).toEqual(['unavailable']);
      await start();
      const { seen } = collect();
      hub.kill(A);
      await pass(600);
      expect(seen).toEqual(['unavailable']);
      expect(hub.streams).toEqual([]);
      expect(link.connected()).toBe(true);
    });

    it('fails with what the server refuses it for', async () => {
      await start();
      const { seen } = collect();
      hub.streams[0]!.observer.error(hubException('Count', 'invalid_argument', 'No.'));
      expect(seen).toEqual(['invalid_argument']);
    });
  });
});
