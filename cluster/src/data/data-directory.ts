import { chmodSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Problem } from '../problem.ts';
import { Guard } from './guard.ts';
import { removeContents, removeDirectory } from './remove-data.ts';
import { RunFile } from './run-file.ts';

export interface DataDirectoryOptions {
  /** Where the data lives; without it a new folder that is removed at the end. */
  readonly path?: string | undefined;
  /** Start from nothing: what Hubbub keeps in the folder is deleted, other files there are not. */
  readonly fresh?: boolean | undefined;
  readonly onProgress?: ((line: string) => void) | undefined;
}

/** A folder with the data of one cluster, held by one launcher at a time, and the list of the processes running on it. */
export class DataDirectory {
  readonly path: string;
  readonly processes: RunFile;
  readonly #throwaway: boolean;
  readonly #guard: Guard;

  private constructor(path: string, processes: RunFile, throwaway: boolean) {
    this.path = path;
    this.processes = processes;
    this.#throwaway = throwaway;
    this.#guard = new Guard(processes.path, throwaway ? path : undefined);
  }

  static async open({ path, fresh, onProgress }: DataDirectoryOptions): Promise<DataDirectory> {
    const throwaway = path === undefined;
    const directory = throwaway ? mkdtempSync(join(tmpdir(), 'hubbub-')) : resolve(path);
    try {
      mkdirSync(directory, { recursive: true });
      // PostgreSQL never runs as root; its own folder inside has to be reachable by the user it runs as instead.
      if (throwaway && process.getuid?.() === 0) chmodSync(directory, 0o711);
      const processes = await RunFile.claim(join(directory, 'run.json'), (names) =>
        onProgress?.(`ending what an earlier start has left running: ${names.join(', ')}`),
      );
      if (fresh) removeContents(directory);
      return new DataDirectory(directory, processes, throwaway);
    } catch (error) {
      throw explain(error, directory);
    }
  }

  /** Gives the folder free; the processes on it have been ended by their owners. */
  async close(): Promise<void> {
    this.processes.release();
    if (this.#throwaway) removeDirectory(this.path);
    await this.#guard.dismiss();
  }
}

function explain(error: unknown, directory: string): unknown {
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new Problem(
      `${path ?? directory} cannot be written by this user. Choose another folder with --data, or run as the user who owns it.`,
    );
  }
  if (code === 'ENOTDIR' || code === 'EEXIST')
    return new Problem(`${directory} is not a folder. Choose another one with --data.`);
  return error;
}
