import { waitFor } from '@hubbub/cluster';
import type { Checker } from './checker.ts';
import type { Client } from './client.ts';

/** How long everybody may take to have everything again after a fault, in milliseconds. */
export const longestRecovery = 60_000;

/** Over a backplane that may lose, who is still behind after so many milliseconds loads a snapshot; nothing else can help. */
const waitsForLost = 5_000;

/** Somebody did not get everything in time. */
export class NotConverged extends Error {}

export interface ConvergeOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds that it may take. */
  readonly timeoutMs?: number;
  /** Whether the backplane may lose messages. */
  readonly mayLose?: boolean;
}

/**
 * Waits until every client is connected and has everything that was accepted by the time of the call; returns how long that took, in
 * milliseconds.
 */
export async function converge(
  clients: readonly Client[],
  checker: Checker,
  { signal, timeoutMs = longestRecovery, mayLose = false }: ConvergeOptions = {},
): Promise<number> {
  const started = performance.now();
  const loadAgain = (): void => {
    for (const client of clients) if (checker.isBehind(client.name, mark)) client.loadAgain();
  };
  const timer = mayLose ? setInterval(loadAgain, waitsForLost) : undefined;
  const mark = checker.mark();
  const lacking = (): readonly string[] => [
    ...clients.filter((client) => !client.isConnected).map(({ name }) => `${name} is not connected`),
    ...checker.behind(mark),
  ];
  try {
    await waitFor(() => lacking().length === 0, { timeoutMs, intervalMs: 20, otherwise: '', signal });
  } catch (error) {
    signal?.throwIfAborted();
    const still = lacking();
    if (still.length === 0) throw error;
    const more = still.length > 10 ? ` and ${still.length - 10} more` : '';
    throw new NotConverged(`After ${timeoutMs / 1000} s ${still.slice(0, 10).join(', ')}${more}.`);
  } finally {
    clearInterval(timer);
  }
  return performance.now() - started;
}
