import { availableParallelism } from 'node:os';
import type { Backplane } from '@hubbub/cluster';
import type { Balance, FailOver } from './fail-over.ts';
import { percentile, type Deliveries } from './latency.ts';

export function headline(backplane: Backplane): string {
  const store = backplane === 'redis' ? 'Redis' : 'PostgreSQL';
  return `2 replicas over ${store} on one machine with ${availableParallelism()} cores`;
}

/** A table of how long messages took to the other replica. */
export function deliveryTable(rows: readonly Deliveries[]): string[] {
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  return table(
    ['delivery to the other replica', 'messages', 'median', 'p95', 'p99'],
    rows.map((row) => [
      `${row.from} to ${row.to}`,
      String(row.times.length),
      ...[0.5, 0.95, 0.99].map((share) => ms(percentile(row, share))),
    ]),
  );
}

/** A table of how long two clients took to go on after the replica of one of them was killed. */
export function failOverTable(rows: readonly FailOver[]): string[] {
  return table(
    ['killed (kill -9)', 'both go on after'],
    rows.map(({ killed, took }) => [killed, `${(took / 1000).toFixed(2)} s`]),
  );
}

export function verdict({ accepted, lost, doubled }: Balance): string {
  return `accepted ${accepted}, lost ${lost}, duplicated ${doubled}`;
}

/** The first column to the left, the others to the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, i) => Math.max(...all.map((row) => row[i]!.length)));
  return all.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]! + 3))).join(''),
  );
}
