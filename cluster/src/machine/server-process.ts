import { Problem } from '../problem.ts';
import { ManagedProcess, type ProcessOptions } from './managed-process.ts';
import { waitFor } from './wait-for.ts';

export type ServerState = 'stopped' | 'starting' | 'ready' | 'paused' | 'ended';

export interface ServerEvents {
  /** Called with every line the server writes. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Called when the server ends without having been told to. */
  readonly onUnexpectedEnd?: ((message: string) => void) | undefined;
}

/** A server that can be started and ended again and again; what PostgreSQL, Redis and a replica have in common. */
export abstract class ServerProcess implements AsyncDisposable {
  abstract readonly name: string;
  /** Milliseconds it may take to end in good order. */
  protected abstract readonly graceMs: number;
  readonly #events: ServerEvents;
  #process: ManagedProcess | undefined;
  #state: ServerState = 'stopped';

  protected constructor(events: ServerEvents) {
    this.#events = events;
  }

  protected abstract describe(): ProcessOptions;
  /** Milliseconds it may take from its start until it serves. */
  protected abstract readonly readyMs: number;
  /** True when it serves; otherwise what it answers instead, as words for an error message, or nothing. */
  protected abstract probe(process: ManagedProcess): true | undefined | Promise<true | string | undefined>;

  get state(): ServerState {
    return this.#state;
  }

  /** Number of the running process, undefined while there is none. */
  get pid(): number | undefined {
    return this.#process?.isAlive ? this.#process.pid : undefined;
  }

  /** The last lines that the server wrote since its last start. */
  get logs(): readonly string[] {
    return this.#process?.log.lines ?? [];
  }

  /** Starts it, again on the same port and the same data; resolves when it serves. */
  async start(signal?: AbortSignal): Promise<void> {
    if (this.#process?.isAlive) throw new Problem(`${this.name} runs already.`);
    this.#state = 'starting';
    const process = await ManagedProcess.start(this.describe());
    this.#process = process;
    void process.exited.then((exit) => {
      if (this.#process !== process) return;
      const wasReady = this.#state !== 'starting';
      this.#state = exit.wanted ? 'stopped' : 'ended';
      if (!exit.wanted && wasReady) this.#events.onUnexpectedEnd?.(`${this.name} has ended by itself (${exit.reason})`);
    });
    try {
      await this.#untilReady(process, signal);
      this.#state = 'ready';
    } catch (error) {
      await process.kill();
      throw error;
    }
  }

  /** Asks it to end in good order; resolves when it is gone. */
  async stop(): Promise<void> {
    await this.#process?.stop(this.graceMs);
  }

  /** Ends it at once, as `kill -9` of all its processes does; resolves when they are gone. */
  async kill(): Promise<void> {
    await this.#process?.kill();
  }

  /** Freezes all its processes: connections stay open, nothing answers. Not on Windows. */
  pause(): void {
    if (this.#state !== 'ready') throw new Problem(`${this.name} cannot be paused: it is ${this.#state}.`);
    this.#process?.pause();
    this.#state = 'paused';
  }

  /** Lets a paused server go on. */
  resume(): void {
    if (this.#state !== 'paused') throw new Problem(`${this.name} cannot be resumed: it is ${this.#state}.`);
    this.#process?.resume();
    this.#state = 'ready';
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #untilReady(process: ManagedProcess, signal: AbortSignal | undefined): Promise<void> {
    let answer: string | undefined;
    const ready = async (): Promise<boolean> => {
      const result = await this.probe(process);
      if (process.exit) {
        await process.drained();
        throw new Problem(`${this.name} has ended during its start (${process.exit.reason}).`, process.log.last(30));
      }
      if (result !== true) answer = result;
      return result === true;
    };
    const otherwise = (): string =>
      `${this.name} was not ready within ${this.readyMs / 1000} s${answer ? `: ${answer}` : '.'}`;
    try {
      await waitFor(ready, { timeoutMs: this.readyMs, otherwise, signal });
    } catch (error) {
      throw error instanceof Problem && error.details.length === 0
        ? new Problem(error.message, process.log.last(30))
        : error;
    }
  }

  protected line(line: string): void {
    this.#events.onLine?.(line);
  }
}
