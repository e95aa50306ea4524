import { PriceUpdate } from '../realtime/stock-ticker-hub.contract';

/** Ticks that the stream left out without saying so. */
export interface Gap {
  /** The first tick that is missing, or the one expected. */
  readonly expected: number;
  /** The item that came instead began with this one. */
  readonly came: number;
}

/** `new`: show it. `behind`: it is older than what was shown already. A gap: what came before it is missing. */
export type Verdict = 'new' | 'behind' | Gap;

/**
 * Whether what a stream brings goes on where it stopped. Each item says how many ticks are folded into it, so not one can be missing unseen.
 *
 * After a move to another replica, that one may be a tick behind what was shown: nothing jumps back, it is waited for. A market that was set
 * back to an earlier state has lower numbers too, but later times, and is believed.
 */
export class Continuity {
  private last: number | null = null;
  private shownAt = -Infinity;

  follow({ sequence, conflated, isSnapshot, tickedAt }: PriceUpdate): Verdict {
    if (!isSnapshot) {
      const first = sequence - conflated;
      const expected = this.last === null ? null : this.last + 1;
      if (first !== expected) {
        this.last = null;
        return { expected: expected ?? first, came: first };
      }
    }
    this.last = sequence;
    const at = Date.parse(tickedAt);
    if (at < this.shownAt) return 'behind';
    this.shownAt = at;
    return 'new';
  }
}
