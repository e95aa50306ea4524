import { waitFor } from '@hubbub/cluster';
import type { Checker } from './checker.ts';
import type { Client } from './client.ts';

/** How long everybody may take to have everything again after a fault, in milliseconds. */
export const longestRecovery = 60_000;

/** Somebody did not get everything in time. */
export class NotConverged extends Error {}

/**
 * Waits until every client is connected and has everything that was accepted by the time of the call; returns how long that took, in
 * milliseconds.
 */
export async function converge(
  clients: readonly Client[],
  checker: Checker,
  signal?: AbortSignal,
  timeoutMs = longestRecovery,
): Promise<number> {
  const started = performance.now();
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
  }
  return performance.now() - started;
}
