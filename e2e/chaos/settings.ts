import type { Backplane, ClusterOptions } from '@hubbub/cluster';
import { clusterOptions } from '../setup/cluster-options.ts';

/** How long a replica counts as alive without a word from it, in milliseconds: short, so that pauses beyond it are short too. */
export const lease = 3_000;

export const replicaCount = 3;

/** The cluster that is to suffer. */
export function suffering(backplane: Backplane): ClusterOptions {
  return {
    ...clusterOptions(),
    replicas: replicaCount,
    backplane,
    env: {
      ...clusterOptions().env,
      Replica__Heartbeat: seconds(lease / 3_000),
      Replica__Lease: seconds(lease / 1_000),
      // Short enough that all clients come back with a new one, also in a short run.
      Accounts__AccessTokenLifetime: '00:01:00',
      // The clients here say more than people do. What the limits do is tested in the backend.
      Chat__SendsPerConnection__Burst: '1000000',
      Chat__SendsPerConnection__PerSecond: '1000000',
      Chat__SendsPerUser__Burst: '1000000',
      Chat__SendsPerUser__PerSecond: '1000000',
      Chat__ChangesPerUser__Burst: '1000000',
      Chat__ChangesPerUser__PerSecond: '1000000',
      // Narrow, so that in the same run some come back to memory, some to the store, and some too late for either.
      Backplane__RecentBytes: String(256 * 1024),
      Backplane__MaxReplayRecords: '2500',
      Backplane__Retention: '00:00:30',
      Backplane__TrimInterval: '00:00:03',
    },
  };
}

function seconds(count: number): string {
  return `00:00:${String(count).padStart(2, '0')}`;
}
