import { DestroyRef, Service, effect, inject, untracked } from '@angular/core';

import { StockTickerHub } from '../realtime/stock-ticker-hub';

/** Questions on a new connection, one after the other. */
const FIRST = 5;

/** Then one so often, in milliseconds. */
const EVERY = 20_000;

/** Answers that are looked at. Clocks drift, so old ones do not count. */
const KEPT = 8;

/** What one question taught: how far the server's clock is ahead, and how long the round trip took. */
interface Answer {
  readonly ahead: number;
  readonly trip: number;
}

/** The server's clock as seen from here: asked for again and again, where the quickest answer is the truest. */
@Service({ autoProvided: false })
export class ServerClock {
  private readonly hub = inject(StockTickerHub);

  private answers: readonly Answer[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    effect(() => {
      if (!this.hub.link.connected()) return;
      this.hub.link.connections();
      untracked(() => void this.begin());
    });
    inject(DestroyRef).onDestroy(() => clearTimeout(this.timer));
  }

  /** What it shows now, in milliseconds since 1970. */
  now(): number {
    return Date.now() + aheadOf(this.answers);
  }

  /** Another replica has another clock. */
  private async begin(): Promise<void> {
    clearTimeout(this.timer);
    const answers: Answer[] = [];
    this.answers = answers;
    for (let i = 0; i < FIRST && this.answers === answers; i++) {
      const answer = await this.ask();
      if (!answer) break;
      answers.push(answer);
    }
    if (this.answers === answers) this.timer = setTimeout(() => void this.goOn(), EVERY);
  }

  private async goOn(): Promise<void> {
    const before = this.answers;
    const answer = await this.ask();
    // After another connection, that one's questions go on.
    if (this.answers !== before) return;
    if (answer) this.answers = [...before, answer].slice(-KEPT);
    this.timer = setTimeout(() => void this.goOn(), EVERY);
  }

  private async ask(): Promise<Answer | null> {
    const asked = Date.now();
    try {
      const server = Date.parse(await this.hub.serverTime());
      const answered = Date.now();
      return { ahead: server - (asked + answered) / 2, trip: answered - asked };
    } catch {
      return null;
    }
  }
}

/** By how much it is ahead, in milliseconds: that of the shortest round trip, since it can be wrong by half of one at most. */
export function aheadOf(answers: readonly Answer[]): number {
  const best = answers.reduce<Answer | null>(
    (best, answer) => (!best || answer.trip < best.trip ? answer : best),
    null,
  );
  return best?.ahead ?? 0;
}
