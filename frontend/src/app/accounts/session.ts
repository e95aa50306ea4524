import { HttpClient, HttpContext, HttpErrorResponse } from '@angular/common/http';
import { DestroyRef, Service, computed, inject, signal } from '@angular/core';
import { firstValueFrom } from 'rxjs';

import { PageWatch } from '../realtime/page-watch';
import { REPEATABLE } from '../realtime/request-context';
import { HeldSession, Tabs } from './tabs';
import { endOfToken } from './token-time';
import { Credentials, SessionAnswer } from './user';

/** A token that ends sooner than this is replaced before it is used, in milliseconds. */
const TOO_SHORT = 20_000;

/** The share of a token's life after which it is replaced without being asked. */
const REFRESH_AT = 0.75;

/** Timers cannot wait for long: a token that lives for months is replaced after this, in milliseconds. */
const LONGEST_WAIT = 24 * 3_600_000;

/** When a refresh got no answer from any replica, the next try comes after this long, in milliseconds. */
const TRY_AGAIN = 3_000;

/** How often the cookie is tried at start when no replica answers, and the pause between, in milliseconds. */
const START_ATTEMPTS = 3;
const START_PAUSE = 1_000;

/** `ended` when the server no longer accepts the session, as opposed to a person signing out. */
export type SessionPhase = 'unknown' | 'signed-in' | 'signed-out' | 'ended';

/**
 * Who is signed in. The access token lives in memory only; the refresh cookie, which scripts cannot read, brings a new one at start and
 * before the old one ends.
 */
@Service()
export class Session {
  private readonly http = inject(HttpClient);
  private readonly tabs = inject(Tabs);

  private readonly _phase = signal<SessionPhase>('unknown');
  private readonly held = signal<HeldSession | null>(null);
  private refreshing: Promise<HeldSession | null> | null = null;
  private starting: Promise<void> | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  readonly phase = this._phase.asReadonly();
  readonly user = computed(() => this.held()?.user ?? null);
  readonly signedIn = computed(() => this._phase() === 'signed-in');
  /** When the token ends, in milliseconds since 1970; 0 without one. */
  readonly endsAt = computed(() => this.held()?.endsAt ?? 0);

  constructor() {
    const news = this.tabs.news.subscribe((news) => {
      const held = this.held();
      if (news.kind === 'session') this.hold(news.session);
      else if (news.kind === 'signed-out') this.letGo('signed-out');
      else if (held && held.endsAt > Date.now() + TOO_SHORT) this.tabs.tell({ kind: 'session', session: held });
    });
    const woke = inject(PageWatch).woke.subscribe(() => {
      if (this.held() && this.endsAt() < Date.now() + TOO_SHORT) void this.renew().catch(() => undefined);
    });
    inject(DestroyRef).onDestroy(() => {
      news.unsubscribe();
      woke.unsubscribe();
      clearTimeout(this.timer);
    });
  }

  /** Finds out, once, whether somebody is signed in: from another tab, else from the cookie. */
  start(): Promise<void> {
    this.starting ??= this.find();
    return this.starting;
  }

  async register(credentials: Credentials): Promise<void> {
    await this.enter('/api/accounts/register', credentials);
  }

  async signIn(credentials: Credentials): Promise<void> {
    await this.enter('/api/accounts/login', credentials);
  }

  /** Signs out here and in the other tabs. The server is told, but not waited for: a dead replica must not keep anybody signed in. */
  async signOut(): Promise<void> {
    const told = firstValueFrom(this.http.post('/api/accounts/logout', null, { context: repeatable() }));
    this.letGo('signed-out');
    this.tabs.tell({ kind: 'signed-out' });
    await told.catch(() => undefined);
  }

  /** A token that is good for a while. Rejects when nobody is signed in, or when a new one is needed and no replica answers. */
  async accessToken(): Promise<string> {
    const held = this.held();
    if (held && held.endsAt > Date.now() + TOO_SHORT) return held.accessToken;
    const renewed = await this.renew();
    if (!renewed) throw new Error('Nobody is signed in.');
    return renewed.accessToken;
  }

  /**
   * Gets a new session with the cookie; calls at the same time share one answer, across tabs too. Null when the server no longer
   * accepts the cookie. Rejects when no replica answers: then nobody is signed out.
   */
  renew(): Promise<HeldSession | null> {
    const stale = this.held()?.accessToken;
    this.refreshing ??= this.tabs.inTurn(() => this.refresh(stale)).finally(() => (this.refreshing = null));
    return this.refreshing;
  }

  private async find(): Promise<void> {
    const shared = await this.tabs.ask();
    if (shared) return this.hold(shared);
    for (let attempt = 1; attempt <= START_ATTEMPTS; attempt++) {
      const heard = await this.renew().then(
        () => true,
        () => false,
      );
      if (heard || this.held()) return;
      if (attempt < START_ATTEMPTS) await new Promise((resolve) => setTimeout(resolve, START_PAUSE));
    }
    this.letGo('signed-out');
  }

  private async enter(url: string, credentials: Credentials): Promise<void> {
    const answer = await firstValueFrom(this.http.post<SessionAnswer>(url, credentials));
    this.receive(answer);
  }

  private async refresh(stale: string | undefined): Promise<HeldSession | null> {
    // Another tab may have brought a new one while this one waited for its turn.
    const held = this.held();
    if (held && held.accessToken !== stale) return held;
    try {
      const answer = await firstValueFrom(
        this.http.post<SessionAnswer>('/api/accounts/refresh', null, { context: repeatable() }),
      );
      return this.receive(answer);
    } catch (error) {
      if (error instanceof HttpErrorResponse && error.status === 401) {
        this.letGo(this.held() ? 'ended' : 'signed-out');
        return null;
      }
      this.schedule(TRY_AGAIN);
      throw error;
    }
  }

  private receive(answer: SessionAnswer): HeldSession {
    const session: HeldSession = {
      accessToken: answer.accessToken,
      endsAt: endOfToken(answer.accessToken, answer.expiresAt, Date.now()),
      user: answer.user,
    };
    this.hold(session);
    this.tabs.tell({ kind: 'session', session });
    return session;
  }

  private hold(session: HeldSession): void {
    this.held.set(session);
    this._phase.set('signed-in');
    this.schedule((session.endsAt - Date.now()) * REFRESH_AT);
  }

  private letGo(phase: 'signed-out' | 'ended'): void {
    clearTimeout(this.timer);
    this.held.set(null);
    this._phase.set(phase);
  }

  private schedule(milliseconds: number): void {
    clearTimeout(this.timer);
    if (!this.held()) return;
    // A little jitter keeps tabs, and the clients of one restart, from all asking at once.
    const wait = Math.min(LONGEST_WAIT, Math.max(1_000, milliseconds)) * (0.9 + Math.random() * 0.1);
    this.timer = setTimeout(() => void this.renew().catch(() => undefined), wait);
  }
}

function repeatable(): HttpContext {
  return new HttpContext().set(REPEATABLE, true);
}
