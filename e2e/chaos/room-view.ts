/** What became of a message that was handed to a client. */
export type Verdict = 'in order' | 'duplicated' | 'reordered';

/** How much of what came last is kept for the explanation of an offence. */
const kept = 12;

/**
 * What one client has seen of one room. Messages come over a stream that goes on from connection to connection for as long as the client can
 * resume; within it they have to follow one another, each once. Where a stream begins anew, and only there, the client may load what
 * lies between from the database.
 */
export class RoomView {
  readonly #got: boolean[] = [];
  #complete = 0;
  /** The first and the last number in the stream; 0 before its first message. */
  #first = 0;
  #last = 0;
  #missing = new Set<number>();
  readonly #lost: number[] = [];
  readonly #recent: string[] = [];
  #overlapping = 0;

  /** Everything up to this number is there. */
  get complete(): number {
    return this.#complete;
  }

  /** Messages that came over the stream although the client had them, loaded or from an earlier stream. */
  get overlapping(): number {
    return this.#overlapping;
  }

  /** What came last, oldest first. */
  get recent(): readonly string[] {
    return [...this.#recent];
  }

  /** Whether a message has come or was loaded. */
  has(seq: number): boolean {
    return this.#got[seq] === true;
  }

  /** A new stream begins. What was skipped in the old one is lost, even if it is loaded now. */
  begin(how: string): void {
    this.#lost.push(...this.#missing);
    this.#missing = new Set();
    this.#first = this.#last = 0;
    this.#remember(how);
  }

  /** A message was loaded from the database. */
  load(seq: number): void {
    this.#get(seq);
    this.#remember(`loaded ${seq}`);
  }

  /** A message came over the stream. */
  deliver(seq: number, via: string): Verdict {
    this.#remember(`${seq} ${via}`);
    if (this.#first === 0) {
      this.#first = seq;
    } else if (seq <= this.#last) {
      const verdict = seq >= this.#first && !this.#missing.delete(seq) ? 'duplicated' : 'reordered';
      this.#get(seq);
      return verdict;
    } else {
      for (let skipped = this.#last + 1; skipped < seq; skipped++) this.#missing.add(skipped);
    }
    this.#last = seq;
    if (this.#got[seq]) this.#overlapping++;
    this.#get(seq);
    return 'in order';
  }

  /** The numbers up to `last` that did not come as they should have. */
  lost(last: number): readonly number[] {
    const lost = new Set([...this.#lost, ...this.#missing]);
    for (let seq = this.#complete + 1; seq <= last; seq++) if (!this.#got[seq]) lost.add(seq);
    return [...lost].sort((a, b) => a - b);
  }

  #get(seq: number): void {
    this.#got[seq] = true;
    while (this.#got[this.#complete + 1]) this.#complete++;
  }

  #remember(what: string): void {
    this.#recent.push(what);
    if (this.#recent.length > kept) this.#recent.shift();
  }
}
