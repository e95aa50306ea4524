import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster, Problem, type ClusterOptions } from '@hubbub/cluster';
import { clusterOptions } from './cluster-options.ts';
import { publishSharedCluster } from './shared-cluster-news.ts';

/**
 * Starts the cluster on which all tests run that break nothing. It belongs to the process of the runner, so workers that end (after a
 * failed test they do) leave it alone. Returns what ends it.
 */
export default async function startSharedCluster(): Promise<() => Promise<void>> {
  const logs = mkdtempSync(join(tmpdir(), 'hubbub-e2e-'));
  const logOf = (replica: string): string => join(logs, `${replica}.log`);
  const cluster = await start({
    ...clusterOptions(),
    onProgress: (line) => console.log(`  ${line}`),
    onLog: (replica, line) => appendFileSync(logOf(replica), `${line}\n`),
  });
  publishSharedCluster({ replicas: cluster.replicas.map(({ name, url }) => ({ name, url, log: logOf(name) })) });
  return async () => {
    await cluster.stop();
    rmSync(logs, { recursive: true, force: true });
  };
}

/** The output that led to a problem, such as that of a build, is shown above it. */
async function start(options: ClusterOptions): Promise<Cluster> {
  try {
    return await Cluster.start(options);
  } catch (error) {
    if (error instanceof Problem) for (const line of error.details) console.error(`  ${line}`);
    throw error;
  }
}
