/** The last lines of an output, for failure reports. */
export class LogTail {
  readonly #capacity: number;
  #lines: string[] = [];

  /** @param capacity How many lines are kept, at least. */
  constructor(capacity = 500) {
    this.#capacity = capacity;
  }

  add(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length >= this.#capacity * 2) this.#lines = this.#lines.slice(-this.#capacity);
  }

  last(count: number): string[] {
    return this.#lines.slice(-Math.min(count, this.#capacity));
  }

  get lines(): string[] {
    return this.last(this.#capacity);
  }
}
