import { execFileSync } from 'node:child_process';
import { Problem } from '../problem.ts';
import { identify, isAlive, processTree, type ProcessIdentity } from './process-table.ts';
import { waitFor } from './wait-for.ts';

/** Sends a signal; a process that is gone already is fine. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Ends the process and everything below it without asking, and waits until all of them are gone. */
export async function killTree(pid: number): Promise<void> {
  if (process.platform === 'win32') {
    const tree = processTree(pid).map(identify);
    try {
      execFileSync('taskkill', ['/PID', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true });
    } catch {
      // Gone already.
    }
    await gone(tree);
    return;
  }
  // Frozen first, so that nothing below can start another process between the look and the kill.
  const tree = freezeTree(pid).map(identify);
  for (const member of tree) if (member) signalProcess(member.pid, 'SIGKILL');
  await gone(tree);
}

async function gone(tree: (ProcessIdentity | undefined)[]): Promise<void> {
  await waitFor(() => !tree.some((member) => member && isAlive(member)), {
    timeoutMs: 30_000,
    intervalMs: 10,
    otherwise: () => `Process ${tree.find((member) => member && isAlive(member))?.pid} does not end, even when killed.`,
  });
}

/** Freezes the process and everything below it: all of PostgreSQL's backends, each of which is a process group of its own. */
export function freezeTree(pid: number): number[] {
  if (process.platform === 'win32') throw new Problem('Pausing a process is not possible on Windows.');
  const frozen = new Set<number>();
  for (;;) {
    const fresh = processTree(pid).filter((member) => !frozen.has(member));
    if (fresh.length === 0) return [...frozen];
    for (const member of fresh) {
      signalProcess(member, 'SIGSTOP');
      frozen.add(member);
    }
  }
}

/** Lets the process and everything below it go on, children first, so that the parent finds them running. */
export function thawTree(pid: number): void {
  if (process.platform === 'win32') return;
  for (const member of processTree(pid).reverse()) signalProcess(member, 'SIGCONT');
}
