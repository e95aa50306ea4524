import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataDirectory } from '../data/data-directory.ts';
import { type Environment, withSettings } from '../machine/environment.ts';
import { ServerProcess, type ServerEvents } from '../machine/server-process.ts';
import type { ManagedProcess, ProcessOptions } from '../machine/managed-process.ts';
import { findFreePorts } from '../machine/ports.ts';
import { Problem } from '../problem.ts';
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.ts';
import { createPostgresData, postgresMajor } from './postgres-data.ts';
import { preparePostgresHome } from './postgres-home.ts';
import { choosePostgresUser, type PostgresUser } from './postgres-user.ts';

export interface PostgresOptions extends ServerEvents {
  /** Settings of postgresql.conf, by name. */
  readonly settings?: Record<string, string> | undefined;
  readonly signal?: AbortSignal | undefined;
}

const passwordFile = 'postgres.password';

interface Place {
  readonly directory: DataDirectory;
  readonly home: string;
  readonly user: PostgresUser | undefined;
  readonly binaries: PostgresBinaries;
  readonly port: number;
  readonly password: string;
  readonly isNew: boolean;
}

/** A PostgreSQL server of our own, on 127.0.0.1, with a database `hubbub` and a superuser `postgres`. */
export class Postgres extends ServerProcess {
  override readonly name = 'PostgreSQL';
  readonly port: number;
  /** In Npgsql's form. */
  readonly connectionString: string;
  /** The same as a URL, for clients that want one. */
  readonly url: string;
  /** Whether the data was made by this start. */
  readonly isNew: boolean;
  protected override readonly graceMs = 20_000;
  // It may have to replay its log first.
  protected override readonly readyMs = 120_000;
  readonly #place: Place;
  readonly #settings: Record<string, string>;

  private constructor(place: Place, options: PostgresOptions) {
    super(options);
    this.#place = place;
    this.#settings = options.settings ?? {};
    this.port = place.port;
    this.isNew = place.isNew;
    this.connectionString = this.connectionStringAt(place.port);
    this.url = `postgres://postgres:${place.password}@127.0.0.1:${place.port}/hubbub`;
  }

  /** Starts the server on the data in the folder, which is made if it is not there. */
  static async startIn(directory: DataDirectory, options: PostgresOptions = {}): Promise<Postgres> {
    const user = choosePostgresUser(join(directory.path, 'postgres'));
    const binaries = await findPostgresBinaries(user);
    const home = preparePostgresHome(directory.path, user);
    const isNew = !existsSync(join(home, 'data', 'PG_VERSION'));
    const password = isNew ? makePassword(directory.path) : readPassword(directory.path);
    if (isNew)
      await createPostgresData({
        home,
        user,
        binaries,
        password,
        registry: directory.processes,
        signal: options.signal,
      });
    requireSameMajor(home, directory.path);
    const [port] = await findFreePorts(1);
    const server = new Postgres({ directory, home, user, binaries, port: port!, password, isNew }, options);
    await server.start(options.signal);
    return server;
  }

  /** The connection string of somebody who reaches it at another port of this machine. */
  connectionStringAt(port: number): string {
    return `Host=127.0.0.1;Port=${port};Database=hubbub;Username=postgres;Password=${this.#place.password}`;
  }

  protected override describe(): ProcessOptions {
    const settings = {
      listen_addresses: '127.0.0.1',
      port: String(this.port),
      unix_socket_directories: '',
      max_connections: '300',
      ...this.#settings,
    };
    return {
      name: this.name,
      role: 'postgres',
      command: this.#place.binaries.postgres,
      args: [
        '-D',
        join(this.#place.home, 'data'),
        ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      user: this.#place.user,
      env: postgresEnvironment(),
      cwd: this.#place.home,
      // "Fast": ends the sessions instead of waiting for them.
      stopSignal: 'SIGINT',
      registry: this.#place.directory.processes,
      onLine: (line) => this.line(line),
    };
  }

  protected override probe(process: ManagedProcess): true | undefined {
    // The server itself writes here how far it is, which tells it apart from another one that took the port.
    const lines = readLines(join(this.#place.home, 'data', 'postmaster.pid'));
    return Number(lines[0]) === process.pid && lines[7]?.trim() === 'ready' ? true : undefined;
  }
}

/** Without the user's own PG… variables, which are meant for other servers. */
export function postgresEnvironment(): Environment {
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PG')));
  return withSettings(own, { LC_ALL: 'C' });
}

function makePassword(directory: string): string {
  const password = randomBytes(18).toString('base64url');
  writeFileSync(join(directory, passwordFile), password, { mode: 0o600 });
  return password;
}

function readPassword(directory: string): string {
  try {
    return readFileSync(join(directory, passwordFile), 'utf8').trim();
  } catch {
    throw new Problem(
      `The password of the database in ${directory} cannot be read from ${passwordFile} there. Put the file back, or start with --fresh to begin anew.`,
    );
  }
}

function requireSameMajor(home: string, directory: string): void {
  const major = readFileSync(join(home, 'data', 'PG_VERSION'), 'utf8').trim();
  if (major === postgresMajor) return;
  throw new Problem(
    `The data in ${directory} was made by PostgreSQL ${major}, this is ${postgresMajor}. Start with --fresh to begin anew, or with --data elsewhere.`,
  );
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}
