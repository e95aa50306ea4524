import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { DataDirectory } from '../data/data-directory.ts';
import { removeDirectory } from '../data/remove-data.ts';
import type { ProcessOptions } from '../machine/managed-process.ts';
import { findFreePorts } from '../machine/ports.ts';
import { ServerProcess, type ServerEvents } from '../machine/server-process.ts';
import { Problem } from '../problem.ts';
import { findRedis } from './redis-binary.ts';

export interface RedisOptions extends ServerEvents {
  /** Settings of redis.conf, by name. */
  readonly settings?: Record<string, string> | undefined;
  readonly onProgress?: ((line: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A Redis server of our own, on 127.0.0.1, that appends every write to a file and syncs it before it answers: a kill loses nothing. */
export class Redis extends ServerProcess {
  override readonly name = 'Redis';
  readonly port: number;
  /** `host:port`. */
  readonly connectionString: string;
  protected override readonly graceMs = 15_000;
  // It may have to load its data first.
  protected override readonly readyMs = 60_000;
  readonly #binary: string;
  readonly #directory: DataDirectory;
  readonly #settings: Record<string, string>;

  private constructor(binary: string, directory: DataDirectory, port: number, options: RedisOptions) {
    super(options);
    this.#binary = binary;
    this.#directory = directory;
    this.#settings = options.settings ?? {};
    this.port = port;
    this.connectionString = this.connectionStringAt(port);
  }

  /** Starts the server on the data in the folder, empty if there is none. */
  static async startIn(directory: DataDirectory, options: RedisOptions = {}): Promise<Redis> {
    const binary = await findRedis(options.onProgress ?? (() => {}), options.signal);
    const [port] = await findFreePorts(1);
    const server = new Redis(binary, directory, port!, options);
    await server.start(options.signal);
    return server;
  }

  /** The connection string of somebody who reaches it at another port of this machine. */
  connectionStringAt(port: number): string {
    return `127.0.0.1:${port}`;
  }

  /** Forgets everything that it has stored, as on a disk that broke. It must not run. */
  loseData(): void {
    if (this.pid !== undefined) throw new Problem('Redis loses its data only while it does not run.');
    removeDirectory(this.#dataPath);
  }

  get #dataPath(): string {
    return join(this.#directory.path, 'redis');
  }

  protected override describe(): ProcessOptions {
    const data = this.#dataPath;
    mkdirSync(data, { recursive: true, mode: 0o700 });
    const settings = {
      bind: '127.0.0.1',
      port: String(this.port),
      dir: JSON.stringify(data),
      appendonly: 'yes',
      appendfsync: 'always',
      save: '""',
      daemonize: 'no',
      ...this.#settings,
    };
    return {
      name: this.name,
      role: 'redis',
      command: this.#binary,
      // The settings come through its input: a path with spaces needs no second set of quotes there.
      args: ['-'],
      input: Object.entries(settings)
        .map(([name, value]) => `${name} ${value}\n`)
        .join(''),
      env: process.env,
      registry: this.#directory.processes,
      onLine: (line) => this.line(line),
    };
  }

  protected override async probe(): Promise<true | string | undefined> {
    const answer = await ping(this.port);
    // -LOADING while it reads its data.
    return answer === '+PONG' ? true : answer;
  }
}

function ping(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 2000 }, () => socket.write('PING\r\n'));
    socket.once('data', (answer) => {
      resolve(answer.toString('latin1').trim());
      socket.destroy();
    });
    socket.once('timeout', () => socket.destroy());
    socket.once('error', () => {});
    socket.once('close', () => resolve(undefined));
  });
}
