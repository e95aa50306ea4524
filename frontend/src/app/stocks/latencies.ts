/** How far back is looked, in milliseconds. */
const WINDOW = 60_000;

/** More than this are not kept, whatever the pace: the oldest go first. */
const MOST = 1_500;

/** Half of the updates were drawn at least this fast, and 95 of 100. In milliseconds. */
export interface LatencySummary {
  readonly p50: number;
  readonly p95: number;
}

/** How long updates took from the tick to the screen, over the last minute. */
export class Latencies {
  private samples: { readonly at: number; readonly took: number }[] = [];

  add(at: number, took: number): void {
    this.samples.push({ at, took: Math.max(0, took) });
    if (this.samples.length > MOST) this.samples.splice(0, this.samples.length - MOST);
  }

  /** Null when nothing was drawn in the last minute. */
  summary(now: number): LatencySummary | null {
    const old = this.samples.findIndex(({ at }) => at > now - WINDOW);
    this.samples.splice(0, old < 0 ? this.samples.length : old);
    if (this.samples.length === 0) return null;
    const sorted = this.samples.map(({ took }) => took).sort((a, b) => a - b);
    const below = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]!;
    return { p50: below(0.5), p95: below(0.95) };
  }
}
