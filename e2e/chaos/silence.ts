/** Measures the longest time in which something did not happen, between a beginning and an end. */
export class Silence {
  #last: number | undefined;
  #longest = 0;

  begin(): void {
    this.#last = performance.now();
  }

  /** It happened. */
  broken(): void {
    if (this.#last === undefined) return;
    const now = performance.now();
    this.#longest = Math.max(this.#longest, now - this.#last);
    this.#last = now;
  }

  /** From now on it need not happen any more. Gives the longest time, in milliseconds. */
  close(): number {
    this.broken();
    this.#last = undefined;
    return this.#longest;
  }
}
