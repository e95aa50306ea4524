import type { Environment } from '../machine/environment.ts';

/** How one replica is run. */
export interface ReplicaCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Environment;
  /** Its current folder, where the server looks for its settings files. */
  readonly cwd?: string;
}

/** For the launcher's own tests: what to run instead of the server, from HUBBUB_REPLICA_COMMAND as a JSON list of words. */
export function readReplicaCommand(): ReplicaCommand | undefined {
  const text = process.env['HUBBUB_REPLICA_COMMAND'];
  if (!text) return undefined;
  const [command, ...args] = JSON.parse(text) as [string, ...string[]];
  return { command, args };
}
