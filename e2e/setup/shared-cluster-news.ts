/** What workers know of the shared cluster. */
export interface SharedCluster {
  readonly replicas: readonly SharedReplica[];
}

export interface SharedReplica {
  readonly name: string;
  readonly url: string;
  /** The file that its log goes to. */
  readonly log: string;
}

const variable = 'HUBBUB_E2E_CLUSTER';

/** Workers inherit the environment of the runner. */
export function publishSharedCluster(cluster: SharedCluster): void {
  process.env[variable] = JSON.stringify(cluster);
}

export function readSharedCluster(): SharedCluster {
  const json = process.env[variable];
  if (!json) throw new Error('The shared cluster does not run: tests are started with `playwright test`.');
  return JSON.parse(json) as SharedCluster;
}
