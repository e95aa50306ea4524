import { isAlive, type ProcessIdentity } from '../machine/process-table.ts';
import { killTree, signalProcess, thawTree } from '../machine/signals.ts';
import { waitFor } from '../machine/wait-for.ts';

/** A started process, and how it is ended. */
export interface ProcessRecord extends ProcessIdentity {
  readonly name: string;
  readonly role: ProcessRole;
  readonly stopSignal: NodeJS.Signals;
}

/** What a process is for: users of a store end before the store. */
export type ProcessRole = 'tool' | 'replica' | 'redis' | 'postgres';

const endingOrder: readonly ProcessRole[] = ['tool', 'replica', 'redis', 'postgres'];
const graceMs = 10_000;

/** Ends processes of a launcher that is gone: politely first, users of a store before the store. */
export async function endProcesses(records: readonly ProcessRecord[]): Promise<void> {
  for (const role of endingOrder) {
    await Promise.all(records.filter((record) => record.role === role).map(endProcess));
  }
}

async function endProcess(record: ProcessRecord): Promise<void> {
  if (!isAlive(record)) return;
  // A compiler's driver that is asked to end leaves its compilers to themselves, and there is nothing to lose.
  if (record.role === 'tool') return killTree(record.pid);
  signalProcess(record.pid, record.stopSignal);
  thawTree(record.pid);
  try {
    await waitFor(() => !isAlive(record), { timeoutMs: graceMs, otherwise: `${record.name} does not end` });
  } catch {
    if (isAlive(record)) await killTree(record.pid);
  }
}
