/** Measures the longest time in which something did not happen. */
export class Silence {
  #last = performance.now();
  #longest = 0;

  /** It happened. */
  end(): void {
    const now = performance.now();
    this.#longest = Math.max(this.#longest, now - this.#last);
    this.#last = now;
  }

  /** In milliseconds. */
  get longest(): number {
    return this.#longest;
  }
}
