import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** No longer than this, in bytes; what comes last, the summary, is always written. */
const longest = 32 * 1024 * 1024;

/** What happened, one JSON object a line, each with its time since the beginning in seconds. */
export class History implements Disposable {
  readonly path: string;
  readonly #file: number;
  readonly #started = performance.now();
  #bytes = 0;

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.path = path;
    this.#file = openSync(path, 'w');
  }

  write(what: string, more: object = {}): void {
    if (this.#bytes < longest) this.#write(what, more);
  }

  /** The last line. */
  end(summary: object): void {
    this.#write('end', summary);
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }

  #write(what: string, more: object): void {
    const at = Math.round(performance.now() - this.#started) / 1_000;
    this.#bytes += writeSync(this.#file, `${JSON.stringify({ at, what, ...more })}\n`);
  }
}
