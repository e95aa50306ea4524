import { type ChildProcess, spawn } from 'node:child_process';
import type { ProcessRecord, ProcessRole } from '../data/end-processes.ts';
import { Problem } from '../problem.ts';
import type { Environment } from './environment.ts';
import { eachLine } from './lines.ts';
import { LogTail } from './log-tail.ts';
import { identify } from './process-table.ts';
import { freezeTree, killTree, signalProcess, thawTree } from './signals.ts';
import { settlesWithin } from './wait-for.ts';

/** Where started processes are written down, so that none is forgotten when the launcher itself is killed. */
export interface ProcessRegistry {
  add(record: ProcessRecord): void;
  remove(pid: number): void;
}

export interface ProcessOptions {
  readonly name: string;
  readonly role: ProcessRole;
  readonly command: string;
  readonly args: readonly string[];
  readonly registry: ProcessRegistry;
  readonly env?: Environment;
  readonly cwd?: string | undefined;
  /** Written to its standard input, which then ends. */
  readonly input?: string;
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** What asks it to end in good order; SIGTERM unless told. */
  readonly stopSignal?: NodeJS.Signals;
  readonly onLine?: ((line: string) => void) | undefined;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Whether we ended it. */
  readonly wanted: boolean;
  /** Such as "exit code 1" or "SIGKILL". */
  readonly reason: string;
}

/** A process that we started and will end. */
export class ManagedProcess {
  readonly name: string;
  readonly pid: number;
  readonly log = new LogTail();
  /** Settles when the process is gone; never rejects. */
  readonly exited: Promise<Exit>;
  readonly #outputEnded: Promise<unknown>;
  #exit: Exit | undefined;
  #ending = false;
  readonly #stopSignal: NodeJS.Signals;

  private constructor(child: ChildProcess, options: ProcessOptions) {
    this.name = options.name;
    this.pid = child.pid!;
    this.#stopSignal = options.stopSignal ?? 'SIGTERM';
    const identity = identify(this.pid);
    if (identity)
      options.registry.add({ ...identity, name: options.name, role: options.role, stopSignal: this.#stopSignal });

    const onLine = (line: string): void => {
      this.log.add(line);
      options.onLine?.(line);
    };
    eachLine(child.stdout!, onLine);
    eachLine(child.stderr!, onLine);
    child.stdin?.on('error', () => {});
    child.stdin?.end(options.input);
    this.#outputEnded = new Promise((resolve) => child.once('close', resolve));
    this.exited = new Promise((resolve) =>
      child.once('exit', (code, signal) => {
        const reason = signal ?? `exit code ${code}`;
        this.#exit = { code, signal, wanted: this.#ending, reason };
        options.registry.remove(this.pid);
        resolve(this.#exit);
      }),
    );
  }

  /** Throws a {@link Problem} when the program cannot be started at all. */
  static async start(options: ProcessOptions): Promise<ManagedProcess> {
    const child = spawn(options.command, options.args, {
      cwd: options.cwd,
      env: options.env,
      ...options.user,
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      // A session of its own: Ctrl-C in the terminal reaches only the launcher, which then ends everything in order. On Windows that
      // would open a console window.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    if (child.pid === undefined) {
      const error = await new Promise<Error>((resolve) => child.once('error', resolve));
      throw new Problem(`${options.name} cannot be started: ${error.message}`);
    }
    return new ManagedProcess(child, options);
  }

  /** How it ended, or undefined while it lives. */
  get exit(): Exit | undefined {
    return this.#exit;
  }

  get isAlive(): boolean {
    return this.#exit === undefined;
  }

  /** Waits for its end and then, for a moment, for the rest of its output; something that it started may hold the pipes open for ever. */
  async drained(): Promise<Exit> {
    const exit = await this.exited;
    await settlesWithin(this.#outputEnded, 2000);
    return exit;
  }

  /** Asks the process to end, and ends it and everything below it if it does not within `graceMs` milliseconds. */
  async stop(graceMs: number): Promise<Exit> {
    this.#ending = true;
    if (this.isAlive) {
      signalProcess(this.pid, this.#stopSignal);
      thawTree(this.pid);
      if (!(await settlesWithin(this.exited, graceMs))) await killTree(this.pid);
    }
    return this.exited;
  }

  /** Ends the process and everything below it without asking; resolves when they are gone. */
  async kill(): Promise<Exit> {
    this.#ending = true;
    if (this.isAlive) await killTree(this.pid);
    return this.exited;
  }

  /** Freezes the process and everything below it. */
  pause(): void {
    if (this.isAlive) freezeTree(this.pid);
  }

  resume(): void {
    if (this.isAlive) thawTree(this.pid);
  }
}
