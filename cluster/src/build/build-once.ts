import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessRegistry } from '../machine/managed-process.ts';
import { identify } from '../machine/process-table.ts';
import { Problem } from '../problem.ts';

export interface BuildContext {
  readonly onProgress: (line: string) => void;
  readonly registry: ProcessRegistry;
  readonly signal?: AbortSignal | undefined;
}

interface Build extends BuildContext {
  /** What is built, as words: "the app". */
  readonly what: string;
  /** Where builds are kept, each in a folder named after its sources. */
  readonly store: string;
  readonly hash: string;
  /** Makes the build in a folder that does not exist yet. */
  readonly make: (target: string) => Promise<void>;
}

const kept = 3;

/**
 * The folder with the build of these sources, which is made if it is not there. Builds are never overwritten: a cluster that runs from an
 * older one goes on undisturbed.
 */
export async function buildOnce({ what, store, hash, make, onProgress }: Build): Promise<string> {
  const target = join(store, hash);
  if (!existsSync(target)) {
    mkdirSync(store, { recursive: true });
    removeAbandonedDrafts(store);
    const started = performance.now();
    onProgress(`building ${what}`);
    const draft = join(store, `.draft-${process.pid}`);
    try {
      await make(draft);
      if (!existsSync(target)) renameSync(draft, target);
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
    onProgress(`built ${what} in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  } else {
    onProgress(`${what} is up to date`);
  }
  // Marks it as the newest in use, for the tidying up and for --no-build.
  utimesSync(target, new Date(), new Date());
  for (const old of list(store).slice(kept)) rmSync(old, { recursive: true, force: true });
  return target;
}

/** The build that was used last; throws a {@link Problem} when there is none. */
export function lastBuild(what: string, store: string): string {
  const [last] = list(store);
  if (!last) throw new Problem(`There is no build of ${what} yet: start once without --no-build.`);
  return last;
}

/** What builds that were killed have left. */
function removeAbandonedDrafts(store: string): void {
  for (const name of readdirSync(store)) {
    const pid = /^\.draft-(\d+)$/.exec(name)?.[1];
    if (pid && (Number(pid) === process.pid || !identify(Number(pid))))
      rmSync(join(store, name), { recursive: true, force: true });
  }
}

function list(store: string): string[] {
  if (!existsSync(store)) return [];
  return readdirSync(store)
    .filter((name) => /^[0-9a-f]{16}$/.test(name))
    .map((name) => join(store, name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
}
