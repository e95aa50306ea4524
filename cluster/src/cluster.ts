import { needsRedis, type Backplane, type Store } from './backplanes.ts';
import type { ClusterOptions } from './cluster-options.ts';
import { DataDirectory } from './data/data-directory.ts';
import { readSetting } from './machine/environment.ts';
import { findFreePorts, requireFreePorts } from './machine/ports.ts';
import { Problem } from './problem.ts';
import { prepareServer, type PreparedServer } from './replicas/prepare-server.ts';
import { Replica } from './replicas/replica.ts';
import { replicaEnvironment } from './replicas/replica-environment.ts';
import { externalPostgres, externalRedis, requireAzureSignalR } from './stores/external-stores.ts';
import { Postgres } from './stores/postgres.ts';
import { Redis } from './stores/redis.ts';
import { findRedis } from './stores/redis-binary.ts';

const maxReplicas = 16;

/** PostgreSQL, Redis if it is wanted, and replicas, all on this machine. */
export class Cluster implements AsyncDisposable {
  readonly backplane: Backplane;
  readonly #options: ClusterOptions;
  readonly #directory: DataDirectory;
  #ports: readonly number[] = [];
  #server: PreparedServer | undefined;
  #postgres: Postgres | undefined;
  #redis: Redis | undefined;
  #postgresConnection: string | undefined;
  #redisConnection: string | undefined;
  #adminPassword: string | undefined;
  readonly #replicas: Replica[] = [];
  #made = 0;
  #stopping: Promise<void> | undefined;

  private constructor(options: ClusterOptions, directory: DataDirectory) {
    this.#options = options;
    this.#directory = directory;
    this.backplane = options.backplane ?? 'postgres';
  }

  /** Resolves when every replica is ready. When the start fails, everything that it started is ended again. */
  static async start(options: ClusterOptions = {}): Promise<Cluster> {
    const count = options.replicas ?? 2;
    if (!Number.isInteger(count) || count < 1 || count > maxReplicas)
      throw new Problem(`A cluster has 1 to ${maxReplicas} replicas.`);
    const { dataDir: path, fresh, onProgress } = options;
    const directory = await DataDirectory.open({ path, fresh, onProgress });
    const cluster = new Cluster(options, directory);
    try {
      await cluster.#start(count);
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** In the order of their ports. Replicas that were stopped or killed stay in the list. */
  get replicas(): readonly Replica[] {
    return this.#replicas;
  }

  /** Undefined where an external server is used. */
  get postgres(): Postgres | undefined {
    return this.#postgres;
  }

  /** Undefined where an external server is used, or none. */
  get redis(): Redis | undefined {
    return this.#redis;
  }

  /** Of the user `admin`, if this start made it; an older one is known only to whoever saw it then. */
  get adminPassword(): string | undefined {
    return this.#adminPassword;
  }

  /** Starts one more replica on the next port; resolves when it is ready. */
  async addReplica(): Promise<Replica> {
    if (this.#ports[this.#made] === undefined) throw new Problem(`A cluster has at most ${maxReplicas} replicas.`);
    const replica = await this.#makeReplica();
    this.#replicas.push(replica);
    await replica.start(this.#options.signal);
    return replica;
  }

  /** Stops everything in good order: replicas, then Redis, then PostgreSQL. Can be called again. */
  stop(): Promise<void> {
    this.#stopping ??= this.#end((server) => server.stop());
    return this.#stopping;
  }

  /** Ends everything at once. */
  async kill(): Promise<void> {
    await this.#end((server) => server.kill());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #start(count: number): Promise<void> {
    const { signal } = this.#options;
    this.#ports = await this.#choosePorts(count);
    await this.#findStores();
    this.#server = await prepareServer(this.#options, this.#directory.processes);
    await this.#startPostgres();
    await this.#startRedis();
    this.#adminPassword = this.#options.env && readSetting(this.#options.env, 'Accounts__AdminPassword');

    while (this.#replicas.length < count) this.#replicas.push(await this.#makeReplica());
    this.#progress(`starting ${this.#replicas.map((replica) => replica.name).join(', ')}`);
    // Not Promise.all: all of them have to be past their start before a failure of one ends them.
    const starts = await Promise.allSettled(this.#replicas.map((replica) => replica.start(signal)));
    const failed = starts.find((start) => start.status === 'rejected');
    if (failed) throw failed.reason;
    if (this.#postgres?.isNew) await this.#server.untilSeeded(() => this.#adminPassword !== undefined);
  }

  async #choosePorts(count: number): Promise<readonly number[]> {
    const { ports = 'free' } = this.#options;
    if (ports === 'free') return findFreePorts(maxReplicas);
    const following = Array.from({ length: maxReplicas }, (_, i) => ports + i);
    await requireFreePorts(following.slice(0, count), 'End what uses it, or choose other ports with --base-port.');
    return following.filter((port) => port < 65_536);
  }

  /** Before anything that takes long: what is missing is better said at once. */
  async #findStores(): Promise<void> {
    const { externalStores, fresh, env = {}, onProgress = () => {}, signal } = this.#options;
    const environment = externalStores ? process.env : {};
    if (this.backplane === 'azure') requireAzureSignalR({ ...process.env, ...env });
    const postgres = await externalPostgres(environment, fresh ?? false);
    if (postgres) this.#progress(`using the PostgreSQL at ${postgres.address}`);
    this.#postgresConnection = postgres?.connectionString;

    if (!needsRedis(this.backplane)) return;
    const redis = await externalRedis(environment);
    if (redis) this.#progress(`using the Redis at ${redis.address}`);
    else await findRedis(onProgress, signal);
    this.#redisConnection = redis?.connectionString;
  }

  async #startPostgres(): Promise<void> {
    if (this.#postgresConnection !== undefined) return;
    const { onUnexpectedEnd, signal } = this.#options;
    this.#progress('starting PostgreSQL');
    this.#postgres = await Postgres.startIn(this.#directory, { onUnexpectedEnd, signal });
    this.#postgresConnection = this.#postgres.connectionString;
    const { port, isNew } = this.#postgres;
    this.#progress(`PostgreSQL is ready on 127.0.0.1:${port}${isNew ? ', with a new database' : ''}`);
  }

  async #startRedis(): Promise<void> {
    if (!needsRedis(this.backplane) || this.#redisConnection !== undefined) return;
    const { onUnexpectedEnd, onProgress, signal } = this.#options;
    this.#progress('starting Redis');
    this.#redis = await Redis.startIn(this.#directory, { onUnexpectedEnd, onProgress, signal });
    this.#redisConnection = this.#redis.connectionString;
    this.#progress(`Redis is ready on ${this.#redis.connectionString}`);
  }

  async #makeReplica(): Promise<Replica> {
    // Counted at once: two may be added at the same time.
    const number = this.#made++;
    const port = this.#ports[number]!;
    const { onLog, onUnexpectedEnd, env = {} } = this.#options;
    const name = `replica-${port}`;
    const url = `http://localhost:${port}`;
    const server = this.#server!;
    const postgresPort = this.#postgres && (await this.#storePort(number, 'postgres', this.#postgres.port));
    const redisPort = this.#redis && (await this.#storePort(number, 'redis', this.#redis.port));
    return new Replica({
      name,
      port,
      url,
      run: server.command,
      env: replicaEnvironment({
        name,
        url,
        postgres: postgresPort ? this.#postgres!.connectionStringAt(postgresPort) : this.#postgresConnection!,
        backplane: this.backplane,
        redis: redisPort ? this.#redis!.connectionStringAt(redisPort) : this.#redisConnection,
        frontendRoot: server.frontendRoot,
        origins: this.#ports.map((port) => `http://localhost:${port}`),
        env: { ...server.command.env, ...env },
      }),
      registry: this.#directory.processes,
      onLine: (line) => {
        this.#adminPassword = /^admin password: (.+)$/.exec(line)?.[1] ?? this.#adminPassword;
        onLog?.(name, line);
      },
      onUnexpectedEnd,
    });
  }

  async #storePort(replica: number, store: Store, port: number): Promise<number> {
    return (await this.#options.storePort?.({ replica, store, port })) ?? port;
  }

  async #end(end: (server: Replica | Redis | Postgres) => Promise<void>): Promise<void> {
    await Promise.allSettled(this.#replicas.map(end));
    if (this.#redis) await end(this.#redis);
    if (this.#postgres) await end(this.#postgres);
    await this.#directory.close();
  }

  #progress(line: string): void {
    this.#options.onProgress?.(line);
  }
}
