import { DataDirectory } from '../data/data-directory.ts';
import { Postgres, type PostgresOptions } from './postgres.ts';
import { Redis, type RedisOptions } from './redis.ts';

interface Alone {
  /** Where the data is kept; without it in a new folder that is deleted at the end. */
  readonly dataDir?: string;
}

/** A PostgreSQL server by itself. */
export async function startPostgres(options: PostgresOptions & Alone = {}): Promise<StandaloneStore<Postgres>> {
  return startAlone(options.dataDir, (directory) => Postgres.startIn(directory, options));
}

/** A Redis server by itself. */
export async function startRedis(options: RedisOptions & Alone = {}): Promise<StandaloneStore<Redis>> {
  return startAlone(options.dataDir, (directory) => Redis.startIn(directory, options));
}

/** A store with a data folder of its own. */
export interface StandaloneStore<T> extends AsyncDisposable {
  readonly server: T;
  /** Stops the server and gives the folder free, or deletes it if nobody named it. */
  close(): Promise<void>;
}

async function startAlone<T extends Postgres | Redis>(
  path: string | undefined,
  start: (directory: DataDirectory) => Promise<T>,
): Promise<StandaloneStore<T>> {
  const directory = await DataDirectory.open({ path });
  try {
    const server = await start(directory);
    const close = async (): Promise<void> => {
      await server.stop();
      await directory.close();
    };
    return { server, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await directory.close();
    throw error;
  }
}
