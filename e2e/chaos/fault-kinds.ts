import { needsRedis, type Backplane } from '@hubbub/cluster';
import { lease } from './settings.ts';

/** What a fault hits: one replica, a store, the cable from some of the clients to one replica, or the lines from one replica to its stores. */
export type Victim = 'replica' | 'postgres' | 'redis' | 'cable' | 'trunk';

export interface FaultKind {
  /** As the report names it. */
  readonly name: string;
  readonly victim: Victim;
  /** How long it lasts at least and at most, in milliseconds, before it is made good again. */
  readonly lasts: readonly [min: number, max: number];
}

/** All that is done to a cluster. */
const kinds = [
  { name: 'replica killed', victim: 'replica', lasts: [200, 3_000] },
  { name: 'replica restarted', victim: 'replica', lasts: [0, 1_500] },
  // Long enough that the others take it for dead, and short enough that most of its clients do not.
  { name: 'replica paused beyond its lease', victim: 'replica', lasts: [lease + 1_000, lease + 4_000] },
  { name: 'replica paused for a moment', victim: 'replica', lasts: [300, 2_000] },
  { name: 'PostgreSQL restarted', victim: 'postgres', lasts: [0, 2_000] },
  { name: 'PostgreSQL killed', victim: 'postgres', lasts: [0, 2_000] },
  { name: 'PostgreSQL paused', victim: 'postgres', lasts: [500, 4_000] },
  { name: 'Redis restarted', victim: 'redis', lasts: [0, 2_000] },
  { name: 'Redis killed', victim: 'redis', lasts: [0, 3_000] },
  { name: 'Redis killed, its data lost', victim: 'redis', lasts: [0, 3_000] },
  { name: 'Redis paused', victim: 'redis', lasts: [500, 5_000] },
  { name: 'cable cut', victim: 'cable', lasts: [500, 6_000] },
  // On both sides of the silence after which a client gives a connection up.
  { name: 'cable half open', victim: 'cable', lasts: [3_000, 13_000] },
  // On both sides of the lease, and of the time that a call to a store may take.
  { name: 'trunk cut', victim: 'trunk', lasts: [500, 6_000] },
  { name: 'trunk half open', victim: 'trunk', lasts: [1_000, 12_000] },
] as const satisfies readonly FaultKind[];

export type FaultName = (typeof kinds)[number]['name'];

/** Those that make sense with a backplane, and that the machine can do: Windows cannot pause a process. */
export function faultKinds(
  backplane: Backplane,
  canPause = process.platform !== 'win32',
): readonly (FaultKind & { readonly name: FaultName })[] {
  return kinds.filter(
    ({ name, victim }) => (needsRedis(backplane) || victim !== 'redis') && (canPause || !name.includes('paused')),
  );
}
