import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** What one replica may write, in bytes; a log that is longer ends there. */
const longest = 32 * 1024 * 1024;

/** Keeps what the replicas write, in a file for each: what they say explains what the clients saw. */
export class ReplicaLogs implements Disposable {
  readonly #folder: string;
  readonly #name: string;
  readonly #files = new Map<string, { readonly file: number; bytes: number }>();
  #isClosed = false;

  constructor(folder: string, name: string) {
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
    this.#name = name;
  }

  write(replica: string, line: string): void {
    if (this.#isClosed) return;
    let log = this.#files.get(replica);
    if (!log) {
      log = { file: openSync(join(this.#folder, `${this.#name}-${replica}.log`), 'w'), bytes: 0 };
      this.#files.set(replica, log);
    }
    if (log.bytes < longest) log.bytes += writeSync(log.file, `${line}\n`);
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    for (const { file } of this.#files.values()) closeSync(file);
  }
}
