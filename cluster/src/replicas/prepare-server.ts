import { dirname } from 'node:path';
import { buildBackend, lastBackend } from '../build/backend.ts';
import { findDotnet, requireDotnetSdk } from '../build/dotnet.ts';
import { buildFrontend, lastFrontend } from '../build/frontend.ts';
import type { ClusterOptions } from '../cluster-options.ts';
import type { ProcessRegistry } from '../machine/managed-process.ts';
import { settlesWithin, waitFor } from '../machine/wait-for.ts';
import type { ReplicaCommand } from './replica-command.ts';

/** What all replicas of a cluster run. */
export interface PreparedServer {
  readonly command: ReplicaCommand;
  readonly frontendRoot: string | undefined;
  /** Waits for what a first start on a new database prints, which may still be on its way when the replica is ready. */
  readonly untilSeeded: (seen: () => boolean) => Promise<void>;
}

/** Builds what changed, or finds what was built last. */
export async function prepareServer(options: ClusterOptions, registry: ProcessRegistry): Promise<PreparedServer> {
  const { replicaCommand, build = true, onProgress = () => {}, signal } = options;
  if (replicaCommand) return { command: replicaCommand, frontendRoot: undefined, untilSeeded: async () => {} };

  const dotnet = findDotnet();
  const untilSeeded = async (seen: () => boolean): Promise<void> => {
    await settlesWithin(waitFor(seen, { timeoutMs: 2000, otherwise: '' }), 3000);
  };
  const run = (assembly: string): ReplicaCommand => ({ command: dotnet, args: [assembly], cwd: dirname(assembly) });
  if (!build) return { command: run(lastBackend()), frontendRoot: lastFrontend(), untilSeeded };

  const sdk = await requireDotnetSdk(dotnet, signal);
  onProgress(`.NET SDK ${sdk}`);
  const context = { onProgress, registry, signal };
  const assembly = await buildBackend(dotnet, sdk, context);
  const frontendRoot = await buildFrontend(context);
  return { command: run(assembly), frontendRoot, untilSeeded };
}
