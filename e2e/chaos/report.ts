import { availableParallelism } from 'node:os';
import { mayLose, type Backplane } from '@hubbub/cluster';
import { offenceKinds } from './offence.ts';
import type { Losses, Verdicts } from './checker.ts';

/** What a run came to. */
export interface Outcome {
  readonly backplane: Backplane;
  readonly seed: number;
  /** Milliseconds from the first message to the end of the talk. */
  readonly lasted: number;
  readonly replicas: number;
  readonly clients: number;
  readonly resuming: number;
  readonly rooms: number;
  readonly accepted: number;
  readonly refused: number;
  readonly unanswered: number;
  readonly retries: number;
  readonly delivered: number;
  readonly filtered: number;
  readonly overlapping: number;
  readonly loaded: number;
  readonly verdicts: Verdicts;
  readonly losses: Losses;
  /** How streams went on, by outcome. */
  readonly streams: ReadonlyMap<string, number>;
  readonly replayed: number;
  readonly faults: ReadonlyMap<string, number>;
  /** Milliseconds from the end of a fault until everybody had everything again. */
  readonly recoveries: readonly number[];
  /** The same from the end of the talk; undefined when it did not come to that. */
  readonly atTheEnd: number | undefined;
  /** The longest time in which nothing at all was accepted, in milliseconds. */
  readonly longestSilence: number;
  /** What else went wrong, as sentences. */
  readonly failures: readonly string[];
}

/**
 * Whether the promise was kept, and the run was one that could have shown otherwise. A backplane that may lose promises nothing: there it only
 * has to run.
 */
export function isKept({ backplane, verdicts, failures, faults, accepted, unanswered }: Outcome): boolean {
  const hasRun = failures.length === 0 && faults.size > 0 && accepted > 0;
  if (mayLose(backplane)) return hasRun;
  return hasRun && unanswered === 0 && offenceKinds.every((kind) => verdicts[kind] === 0);
}

const storeNames: Record<Backplane, string> = {
  postgres: 'PostgreSQL',
  redis: 'Redis',
  microsoft: "Microsoft's backplane on Redis",
  azure: 'Azure SignalR Service',
  none: 'nothing',
};

/** The outcome in words; the four numbers that count stand alone in a line. */
export function report(outcome: Outcome): string[] {
  const { backplane, seed, lasted, replicas, clients, resuming, rooms, accepted, refused, unanswered } = outcome;
  const { retries, delivered, filtered, overlapping, loaded, verdicts, streams, replayed, faults } = outcome;
  const { recoveries, atTheEnd, longestSilence, failures, losses } = outcome;
  const store = storeNames[backplane];
  const isPlural = (count: number): string => (count === 1 ? '' : 's');
  const count = [...faults.values()].reduce((sum, one) => sum + one, 0);
  return [
    `chaos over ${store}, seed ${seed}: ${replicas} replicas, ${clients} clients (${resuming} resume) in ${rooms} rooms, ${availableParallelism()} cores`,
    `accepted ${accepted} in ${seconds(lasted, 0)} (${((accepted * 1_000) / lasted).toFixed(0)}/s), sent again ${retries}, refused as they should be ${refused}, unanswered ${unanswered}`,
    `delivered ${delivered}, of which came again after a resume ${replayed}; loaded ${loaded}, both ${overlapping}; dropped by the clients as seen ${filtered}`,
    offenceKinds.map((kind) => `${kind} ${verdicts[kind]}`).join(', '),
    ...(mayLose(backplane) ? [`verdict: ${lossesInWords(losses, verdicts)}`] : []),
    `connections: ${tally(streams)}`,
    `${count} fault${isPlural(count)}: ${tally(faults)}`,
    `everybody had everything after a fault: ${recoveryTimes(recoveries)}; at the end: ${atTheEnd === undefined ? 'never' : seconds(atTheEnd)}`,
    `nothing at all was accepted for ${seconds(longestSilence)} at the longest`,
    ...failures.map((failure) => `failed: ${failure}`),
  ];
}

function lossesInWords({ foundLater, unseen, notStored }: Losses, { lost }: Verdicts): string {
  return (
    `${lost} deliveries lost: ${foundLater} did not come live and were found in a snapshot loaded later, ` +
    `${unseen} were never seen, ${notStored} messages are not stored; this backplane promises no better, so nothing fails`
  );
}

function tally(counts: ReadonlyMap<string, number>): string {
  return (
    [...counts]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, count]) => `${name} ${count}`)
      .join(', ') || 'none'
  );
}

function recoveryTimes(times: readonly number[]): string {
  if (times.length === 0) return 'not measured';
  const sorted = [...times].sort((a, b) => a - b);
  const median = sorted[Math.floor((sorted.length - 1) / 2)]!;
  return `median ${seconds(median)}, max ${seconds(sorted.at(-1)!)} (${sorted.length} times)`;
}

function seconds(ms: number, digits = 2): string {
  return `${(ms / 1_000).toFixed(digits)} s`;
}
