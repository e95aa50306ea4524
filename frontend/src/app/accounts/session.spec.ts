import { HttpClient, HttpErrorResponse, provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, TestRequest, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { Subject } from 'rxjs';

import { bearer } from './bearer';
import { Session } from './session';
import { HeldSession, TabNews, Tabs } from './tabs';
import { SessionAnswer } from './user';

/** The other tabs, as far as a test wants there to be any. */
class FakeTabs {
  readonly news = new Subject<TabNews>();
  readonly told: TabNews[] = [];
  other: HeldSession | null = null;
  /** Resolves when this tab's turn comes. */
  turn: Promise<void> = Promise.resolve();

  tell(news: TabNews): void {
    this.told.push(news);
  }

  ask(): Promise<HeldSession | null> {
    return Promise.resolve(this.other);
  }

  async inTurn<T>(work: () => Promise<T>): Promise<T> {
    await this.turn;
    return work();
  }
}

const REFRESH = '/api/accounts/refresh';

describe('Session', () => {
  let tabs: FakeTabs;
  let http: HttpTestingController;
  let session: Session;

  beforeEach(() => {
    vi.useFakeTimers();
    tabs = new FakeTabs();
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(withInterceptors([bearer])),
        provideHttpClientTesting(),
        { provide: Tabs, useValue: tabs },
      ],
    });
    http = TestBed.inject(HttpTestingController);
    session = TestBed.inject(Session);
  });
  afterEach(() => {
    http.verify();
    TestBed.resetTestingModule();
    vi.useRealTimers();
  });

  const pass = (milliseconds = 0) => vi.advanceTimersByTimeAsync(milliseconds);
  const answer = (accessToken: string, seconds = 900): SessionAnswer => ({
    accessToken,
    expiresAt: new Date(Date.now() + seconds * 1000).toISOString(),
    user: { id: 'u-ana', userName: 'Ana', roles: [] },
  });
  const held = (accessToken: string, seconds = 900): HeldSession => ({
    accessToken,
    endsAt: Date.now() + seconds * 1000,
    user: { id: 'u-ana', userName: 'Ana', roles: [] },
  });
  const refused = (request: TestRequest) => request.flush(null, { status: 401, statusText: 'Unauthorized' });
  const noAnswer = (request: TestRequest) => request.error(new ProgressEvent('error'));
  const startWith = async (token: string, seconds = 900) => {
    const started = session.start();
    await pass();
    http.expectOne(REFRESH).flush(answer(token, seconds));
    await started;
  };

  it('comes back with the refresh cookie', async () => {
    await startWith('one');
    expect(session.signedIn()).toBe(true);
    expect(session.user()?.userName).toBe('Ana');
  });

  it('keeps the token out of storage', async () => {
    await startWith('secret-token');
    expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toContain('secret-token');
  });

  it('is signed out when there is no cookie', async () => {
    const started = session.start();
    await pass();
    refused(http.expectOne(REFRESH));
    await started;
    expect(session.phase()).toBe('signed-out');
  });

  it('takes the session of another tab instead of using the cookie', async () => {
    tabs.other = held('shared');
    await session.start();
    expect(await session.accessToken()).toBe('shared');
  });

  it('tries again at start when no server answers, before it gives up', async () => {
    const started = session.start();
    await pass();
    noAnswer(http.expectOne(REFRESH));
    await pass(1_000);
    http.expectOne(REFRESH).flush(answer('late'));
    await started;
    expect(session.signedIn()).toBe(true);
  });

  it('gets a new token before the old one ends', async () => {
    await startWith('one', 100);
    await pass(60_000);
    http.expectNone(REFRESH);
    await pass(16_000);
    http.expectOne(REFRESH).flush(answer('two'));
    await pass();
    expect(await session.accessToken()).toBe('two');
  });

  it('asks once for callers at the same time', async () => {
    await startWith('one', 10);
    const calls = Promise.all([session.accessToken(), session.accessToken(), session.accessToken()]);
    await pass();
    http.expectOne(REFRESH).flush(answer('two'));
    expect(await calls).toEqual(['two', 'two', 'two']);
  });

  it('uses what another tab got while it waited for its turn, because the cookie works once', async () => {
    await startWith('one', 10);
    let myTurn!: () => void;
    tabs.turn = new Promise((resolve) => (myTurn = resolve));
    const call = session.accessToken();
    await pass();
    tabs.news.next({ kind: 'session', session: held('from the other tab') });
    myTurn();
    expect(await call).toBe('from the other tab');
  });

  it('tells other tabs what it got', async () => {
    await startWith('one');
    expect(tabs.told).toContainEqual({ kind: 'session', session: expect.objectContaining({ accessToken: 'one' }) });
  });

  it('answers a new tab that asks', async () => {
    await startWith('one');
    tabs.told.length = 0;
    tabs.news.next({ kind: 'who-is-signed-in' });
    expect(tabs.told).toHaveLength(1);
  });

  it('does not sign out because servers are away', async () => {
    await startWith('one', 10);
    const call = session.accessToken();
    await pass();
    noAnswer(http.expectOne(REFRESH));
    await expect(call).rejects.toBeInstanceOf(HttpErrorResponse);
    expect(session.signedIn()).toBe(true);
    await pass(3_000);
    http.expectOne(REFRESH).flush(answer('two'));
    await pass();
    expect(await session.accessToken()).toBe('two');
  });

  it('ends when the server no longer takes the cookie', async () => {
    await startWith('one', 10);
    const call = session.accessToken().catch(() => 'rejected');
    await pass();
    refused(http.expectOne(REFRESH));
    expect(await call).toBe('rejected');
    expect(session.phase()).toBe('ended');
    expect(session.user()).toBeNull();
  });

  it('signs out here and everywhere at once, also while no server answers', async () => {
    await startWith('one');
    const done = session.signOut();
    expect(session.phase()).toBe('signed-out');
    expect(tabs.told).toContainEqual({ kind: 'signed-out' });
    noAnswer(http.expectOne('/api/accounts/logout'));
    await done;
    await pass(3_600_000);
    http.expectNone(REFRESH);
  });

  it('signs out when another tab does', async () => {
    await startWith('one');
    tabs.news.next({ kind: 'signed-out' });
    expect(session.phase()).toBe('signed-out');
  });

  it('signs in when another tab does', () => {
    tabs.news.next({ kind: 'session', session: held('theirs') });
    expect(session.signedIn()).toBe(true);
  });

  describe('on calls', () => {
    const get = () => {
      const outcome: { value?: unknown; status?: number } = {};
      TestBed.inject(HttpClient)
        .get('/api/rooms')
        .subscribe({
          next: (value) => (outcome.value = value),
          error: (error: HttpErrorResponse) => (outcome.status = error.status),
        });
      return outcome;
    };

    it('puts the token', async () => {
      await startWith('one');
      get();
      await pass();
      expect(http.expectOne('/api/rooms').request.headers.get('Authorization')).toBe('Bearer one');
    });

    it('gets a new token and repeats when the server rejects the old one', async () => {
      await startWith('one');
      const outcome = get();
      await pass();
      refused(http.expectOne('/api/rooms'));
      await pass();
      http.expectOne(REFRESH).flush(answer('two'));
      await pass();
      const repeated = http.expectOne('/api/rooms');
      expect(repeated.request.headers.get('Authorization')).toBe('Bearer two');
      repeated.flush([]);
      expect(outcome.value).toEqual([]);
    });

    it('repeats once only', async () => {
      await startWith('one');
      const outcome = get();
      await pass();
      refused(http.expectOne('/api/rooms'));
      await pass();
      http.expectOne(REFRESH).flush(answer('two'));
      await pass();
      refused(http.expectOne('/api/rooms'));
      await pass();
      expect(outcome.status).toBe(401);
    });
  });
});
