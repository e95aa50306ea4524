import { DestroyRef, Service, inject } from '@angular/core';
import { Subject } from 'rxjs';

import { User } from './user';

/** A session as one tab keeps it and tells the others. */
export interface HeldSession {
  readonly accessToken: string;
  /** By this device's clock, in milliseconds since 1970. */
  readonly endsAt: number;
  readonly user: User;
}

export type TabNews =
  | { readonly kind: 'session'; readonly session: HeldSession }
  | { readonly kind: 'who-is-signed-in' }
  | { readonly kind: 'signed-out' };

/** How long a new tab waits for another one to share its session, in milliseconds. */
const ANSWER_WAIT = 150;

/**
 * The other tabs of this origin. Each refresh cookie works once, so tabs share what one of them got, and take turns: two that used the
 * same cookie at the same time would look like a thief and end the session for both.
 */
@Service()
export class Tabs {
  private readonly channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('hubbub.accounts');
  private readonly _news = new Subject<TabNews>();

  /** What other tabs say; never what this one said. */
  readonly news = this._news.asObservable();

  constructor() {
    this.channel?.addEventListener('message', (event: MessageEvent<TabNews>) => this._news.next(event.data));
    inject(DestroyRef).onDestroy(() => this.channel?.close());
  }

  tell(news: TabNews): void {
    this.channel?.postMessage(news);
  }

  /** The session of another tab, if one answers soon. */
  ask(): Promise<HeldSession | null> {
    if (!this.channel) return Promise.resolve(null);
    return new Promise((resolve) => {
      const done = (session: HeldSession | null) => {
        clearTimeout(timer);
        listening.unsubscribe();
        resolve(session);
      };
      const timer = setTimeout(() => done(null), ANSWER_WAIT);
      const listening = this.news.subscribe((news) => news.kind === 'session' && done(news.session));
      this.tell({ kind: 'who-is-signed-in' });
    });
  }

  /** Runs `work` while no other tab does; without Web Locks just runs it. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (typeof navigator === 'undefined' || !navigator.locks) return work();
    return navigator.locks.request('hubbub.refresh', work) as Promise<T>;
  }
}
