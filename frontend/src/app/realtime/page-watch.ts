import { DestroyRef, DOCUMENT, Service, inject, signal } from '@angular/core';
import { Subject } from 'rxjs';

/** How often the clock is looked at, in milliseconds. */
export const TICK = 2_000;

/** A clock that moved this much more than it should have between two ticks means that the machine slept, in milliseconds. */
const SLEPT = 8_000;

/** What the browser knows about the page: whether it is seen, whether there is a network, and when it has just woken up. */
@Service()
export class PageWatch {
  private readonly document = inject(DOCUMENT);
  private readonly window = this.document.defaultView!;

  private readonly _online = signal(this.window.navigator.onLine);
  private readonly _visible = signal(this.document.visibilityState === 'visible');
  private readonly _woke = new Subject<void>();
  private readonly _tick = new Subject<void>();

  /** What the browser says of the network. It can be wrong in both directions, so it only words messages and shortens waits. */
  readonly online = this._online.asReadonly();
  readonly visible = this._visible.asReadonly();
  /** The page came back: from sleep, from the background, or to a network. Connections should be looked at. */
  readonly woke = this._woke.asObservable();
  /** Every two seconds, and late after sleep: compare wall clocks, not the number of ticks. */
  readonly tick = this._tick.asObservable();

  constructor() {
    const leaving = new AbortController();
    const { signal } = leaving;
    this.window.addEventListener('online', () => this.networkChanged(true), { signal });
    this.window.addEventListener('offline', () => this.networkChanged(false), { signal });
    this.window.addEventListener('pageshow', (event) => event.persisted && this._woke.next(), { signal });
    this.document.addEventListener('resume', () => this._woke.next(), { signal });
    this.document.addEventListener('visibilitychange', () => this.visibilityChanged(), { signal });

    let last = Date.now();
    const timer = setInterval(() => {
      const now = Date.now();
      if (now - last > TICK + SLEPT) this._woke.next();
      last = now;
      this._tick.next();
    }, TICK);

    inject(DestroyRef).onDestroy(() => {
      leaving.abort();
      clearInterval(timer);
    });
  }

  private networkChanged(online: boolean): void {
    this._online.set(online);
    if (online) this._woke.next();
  }

  private visibilityChanged(): void {
    this._visible.set(this.document.visibilityState === 'visible');
    if (this._visible()) this._woke.next();
  }
}
