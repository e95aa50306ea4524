import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readRunFile } from '../src/data/run-file.ts';
import { removeDirectory } from '../src/data/remove-data.ts';
import { eachLine } from '../src/machine/lines.ts';
import { identify, isAlive, processTree, type ProcessIdentity } from '../src/machine/process-table.ts';
import { waitFor } from '../src/machine/wait-for.ts';
import { findProcesses } from './ps.ts';

const startScript = fileURLToPath(new URL('../src/start.ts', import.meta.url));

/** A stand-in for the server, which is what most tests of the launcher run. */
export const stubReplica = {
  command: process.execPath,
  args: [fileURLToPath(new URL('stub-replica.ts', import.meta.url))],
};

/** A folder of its own for a test, with a space in its name, deleted afterwards. */
export function temporaryDirectory(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'hubbub test-'));
  return {
    path,
    [Symbol.dispose]: () => {
      removeDirectory(join(path, 'data'));
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** The guards of the launchers on a data folder. */
export function findGuards(data: string): number[] {
  return findProcesses('guard.ts', join(data, 'run.json'));
}

/** The start command, running. */
export class Launched implements AsyncDisposable {
  readonly lines: string[] = [];
  readonly child: ChildProcess;
  readonly #exited: Promise<number | NodeJS.Signals>;
  readonly #seen = new Map<number, ProcessIdentity>();
  readonly #data: string | undefined;

  constructor(args: readonly string[], env: NodeJS.ProcessEnv = {}, data?: string) {
    this.#data = data;
    this.child = spawn(process.execPath, [startScript, ...args, ...(data ? ['--data', data] : [])], {
      env: {
        ...process.env,
        HUBBUB_REPLICA_COMMAND: JSON.stringify([stubReplica.command, ...stubReplica.args]),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    eachLine(this.child.stdout!, (line) => this.lines.push(line));
    eachLine(this.child.stderr!, (line) => this.lines.push(line));
    this.#exited = new Promise((resolve) => this.child.once('close', (code, signal) => resolve(signal ?? code!)));
  }

  /** Resolves with the first line that matches. */
  async line(pattern: RegExp): Promise<string> {
    const find = (): string | undefined => this.lines.find((line) => pattern.test(line));
    const otherwise = (): string => `No line matched ${pattern}:\n${this.lines.join('\n')}`;
    await waitFor(() => find() !== undefined || this.child.exitCode !== null, { timeoutMs: 120_000, otherwise });
    const line = find();
    if (line === undefined) throw new Error(otherwise());
    return line;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Its exit code, or the signal that ended it. */
  async exit(): Promise<number | NodeJS.Signals> {
    await waitFor(() => this.child.exitCode !== null || this.child.signalCode !== null, {
      timeoutMs: 120_000,
      otherwise: () => `The launcher does not end:\n${this.lines.join('\n')}`,
    });
    return this.#exited;
  }

  /** All processes that it has started and that live: replicas, stores with their children, the guard. */
  processes(): ProcessIdentity[] {
    const file = this.#data === undefined ? undefined : readRunFile(join(this.#data, 'run.json'));
    const recorded = file?.launcher.pid === this.child.pid ? file!.processes : [];
    const guards = file?.launcher.pid === this.child.pid ? findGuards(this.#data!) : [];
    const pids = [this.child.pid!, ...guards, ...recorded.map((record) => record.pid)].flatMap(processTree);
    for (const pid of pids) {
      const identity = identify(pid);
      if (identity) this.#seen.set(pid, identity);
    }
    return [...this.#seen.values()].filter(isAlive);
  }

  /** Waits until none of the processes that were seen lives. */
  async nothingLeft(): Promise<void> {
    await waitFor(() => ![...this.#seen.values()].some(isAlive), {
      timeoutMs: 60_000,
      otherwise: () => `Processes are left: ${JSON.stringify(this.processes())}`,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.processes();
    this.child.kill('SIGKILL');
    await this.exit();
    await this.nothingLeft();
  }
}
