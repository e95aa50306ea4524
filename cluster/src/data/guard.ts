import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { settlesWithin } from '../machine/wait-for.ts';
import { pinnedNode } from '../repository.ts';

const script = fileURLToPath(new URL('../guard.ts', import.meta.url));

/**
 * A small process that notices the end of this one, however it comes, through the closing of a pipe, and then ends what is left. It is in
 * a session of its own, so that Ctrl-C in the terminal does not end it too early, and no child of ours, so that whoever ends us with
 * everything below us leaves it alone.
 */
export class Guard {
  /** Its input, which closes with us. */
  readonly #leash: Socket;
  /** Its output, to which it writes nothing, and which closes with it. */
  readonly #sign: Socket;

  /** @param throwaway A folder to delete afterwards. */
  constructor(runFile: string, throwaway: string | undefined) {
    const words = [pinnedNode(), script, runFile, String(process.pid), ...(throwaway === undefined ? [] : [throwaway])];
    const isWindows = process.platform === 'win32';
    // The shell leaves at once, and the guard without a parent. The leash comes in as 3, since Node closes 0 when the shell is gone.
    const [command, ...args] = isWindows ? words : ['/bin/sh', '-c', '"$@" <&3 3<&- &', 'sh', ...words];
    const child = spawn(command!, args, {
      detached: true,
      windowsHide: true,
      stdio: ['pipe', 'pipe', 'ignore', 'pipe'],
    });
    this.#leash = child.stdio[isWindows ? 0 : 3] as Socket;
    this.#sign = child.stdout as Socket;
    this.#sign.resume();
    // Without a guard everything works; only the cleaning up waits for the next start.
    for (const part of [child, this.#leash, this.#sign]) part.on('error', () => {});
    for (const part of [child, this.#leash, this.#sign]) part.unref();
  }

  /** Lets it go; resolves when it has. */
  async dismiss(): Promise<void> {
    const gone = new Promise<void>((resolve) => {
      if (this.#sign.closed) resolve();
      this.#sign.once('close', resolve);
    });
    this.#sign.ref();
    this.#leash.destroy();
    await settlesWithin(gone, 10_000);
  }
}
