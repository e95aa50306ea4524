import type { Backplane, Store } from './backplanes.ts';
import type { Environment } from './machine/environment.ts';
import type { ReplicaCommand } from './replicas/replica-command.ts';

/** From a replica to a store. */
export interface StoreRoute {
  /** The number of the replica, 0 for the first. */
  readonly replica: number;
  readonly store: Store;
  /** Where the store listens on 127.0.0.1. */
  readonly port: number;
}

export interface ClusterOptions {
  /** How many, 1 to 16; 2 unless told. */
  readonly replicas?: number;
  /** What connects the replicas; PostgreSQL unless told. */
  readonly backplane?: Backplane;
  /** The port of the first replica, the others follow; or `free`, which is the default, for any that are free. */
  readonly ports?: number | 'free';
  /** Where the data is kept; without it in a new folder that is deleted at the end. */
  readonly dataDir?: string;
  /** Delete the data first. */
  readonly fresh?: boolean;
  /** Build what changed first (the default), or run what was built last. */
  readonly build?: boolean;
  /** More environment for the replicas, over what the launcher gives them. */
  readonly env?: Environment;
  /** Called for each replica and each store that is started for it; gives the port at which the replica is to find the store, such as a proxy's. */
  readonly storePort?: (route: StoreRoute) => number | Promise<number>;
  /** Use the servers that CONNECTIONSTRINGS__HUBBUB and CONNECTIONSTRINGS__REDIS name, if they do; off unless told. */
  readonly externalStores?: boolean;
  /** Called as the start goes on, with a few words each time. */
  readonly onProgress?: (line: string) => void;
  /** Called with every line that a replica writes. */
  readonly onLog?: (replica: string, line: string) => void;
  /** Called when something ends without having been told to. */
  readonly onUnexpectedEnd?: (message: string) => void;
  /** Ends a start that is under way. */
  readonly signal?: AbortSignal;
  /** For the launcher's own tests: run this as each replica instead of the built server. */
  readonly replicaCommand?: ReplicaCommand;
}
