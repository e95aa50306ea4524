import { DestroyRef, Service, inject, signal } from '@angular/core';

/** The time that relative times are counted from; moves on every half minute. */
@Service()
export class Clock {
  private readonly _now = signal(Date.now());

  /** In milliseconds since 1970. */
  readonly now = this._now.asReadonly();

  constructor() {
    const timer = setInterval(() => this._now.set(Date.now()), 30_000);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }
}
