import { setTimeout as delay } from 'node:timers/promises';

/** How far the pace may fall behind before it gives up what it owes, in milliseconds. */
const longestDebt = 3_000;

/** Hands out turns at an even rate to whoever asks, and after a time in which nobody could take them, a few at once. */
export class Pace {
  readonly #everyMs: number;
  #next = 0;

  constructor(perSecond: number) {
    this.#everyMs = 1_000 / perSecond;
  }

  /** Resolves when it is the caller's turn. */
  async turn(signal: AbortSignal): Promise<void> {
    const now = performance.now();
    this.#next = Math.max(this.#next + this.#everyMs, now - longestDebt);
    const wait = this.#next - now;
    if (wait > 0) await delay(wait, undefined, { signal });
  }
}
