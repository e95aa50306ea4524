import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { identify, isAlive, type ProcessIdentity } from '../machine/process-table.ts';
import { settlesWithin, waitFor } from '../machine/wait-for.ts';
import { Problem } from '../problem.ts';
import { endProcesses, type ProcessRecord } from './end-processes.ts';

interface RunState {
  readonly launcher: ProcessIdentity;
  readonly processes: readonly ProcessRecord[];
}

/**
 * Says who uses a data folder and which processes were started on it. Written before anything can be forgotten, so that whatever a
 * killed launcher leaves behind is found and ended: by its guard at once, or by the next start.
 */
export class RunFile {
  readonly path: string;
  readonly #launcher: ProcessIdentity;
  #processes: ProcessRecord[] = [];

  private constructor(path: string, launcher: ProcessIdentity) {
    this.path = path;
    this.#launcher = launcher;
  }

  /**
   * Takes the folder for this process, after ending what a launcher that is gone has left running.
   * Throws a {@link Problem} while another launcher lives.
   * @param onLeftovers Called with the names of the processes that are about to be ended.
   */
  static async claim(path: string, onLeftovers: (names: string[]) => void): Promise<RunFile> {
    const launcher = identify(process.pid)!;
    for (;;) {
      const file = new RunFile(path, launcher);
      try {
        writeFileSync(path, file.#content(), { flag: 'wx', mode: 0o600 });
        return file;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      await takeOver(path, onLeftovers);
    }
  }

  add(record: ProcessRecord): void {
    this.#processes.push(record);
    this.#save();
  }

  remove(pid: number): void {
    this.#processes = this.#processes.filter((record) => record.pid !== pid);
    this.#save();
  }

  /** Gives the folder free. */
  release(): void {
    rmSync(this.path, { force: true });
  }

  #save(): void {
    const draft = `${this.path}.new`;
    writeFileSync(draft, this.#content(), { mode: 0o600 });
    renameSync(draft, this.path);
  }

  #content(): string {
    return JSON.stringify({ launcher: this.#launcher, processes: this.#processes } satisfies RunState, undefined, 2);
  }
}

/** What a run file says, or undefined when there is none or it is not (yet) complete. */
export function readRunFile(path: string): RunState | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as RunState;
  } catch {
    return undefined;
  }
}

async function takeOver(path: string, onLeftovers: (names: string[]) => void): Promise<void> {
  // Another launcher may be in the middle of writing its first version.
  await settlesWithin(
    waitFor(() => readRunFile(path), { timeoutMs: 1000, otherwise: '' }),
    2000,
  );
  const state = readRunFile(path);
  if (state && isAlive(state.launcher)) {
    const folder = dirname(path);
    throw new Problem(
      `Hubbub already runs on ${folder} (process ${state.launcher.pid}). Stop it first, or choose another folder with --data.`,
    );
  }
  const leftovers = state?.processes.filter(isAlive) ?? [];
  if (leftovers.length > 0) {
    onLeftovers(leftovers.map((record) => record.name));
    await endProcesses(leftovers);
  }
  rmSync(path, { force: true });
}
