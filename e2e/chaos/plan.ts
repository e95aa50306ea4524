import type { Backplane } from '@hubbub/cluster';
import { faultKinds, type FaultKind, type FaultName } from './fault-kinds.ts';
import { SeededRandom } from './random.ts';

export interface PlannedFault {
  readonly kind: FaultName;
  /** The number of the replica that it hits, from 0 on; without a meaning for a store. */
  readonly replica: number;
  /** The number of the group of clients whose cable it hits; without a meaning for anything else. */
  readonly group: number;
  /** From the beginning of the step to that of the fault, in milliseconds. */
  readonly after: number;
  /** Milliseconds until it is made good again. */
  readonly lasts: number;
}

/** One or two faults, and what comes before them. */
export interface Step {
  /** Whether the cluster gets the time to recover from the step before. */
  readonly waits: boolean;
  /** Milliseconds from there to this step. */
  readonly pause: number;
  readonly faults: readonly PlannedFault[];
}

export interface PlanOptions {
  readonly seed: number;
  readonly backplane: Backplane;
  readonly replicas: number;
  readonly cableGroups: number;
}

/** How often two faults come together, and how often a step does not wait for the recovery from the one before. */
const together = 0.25;
const impatient = 0.25;

/**
 * What the nemesis does, without an end: the same for the same seed. Kinds are dealt from a shuffled deck that is shuffled again when it is
 * empty, so that none comes a second time before all have come once.
 */
export function* makePlan({ seed, backplane, replicas, cableGroups }: PlanOptions): Generator<Step, never> {
  const random = new SeededRandom(seed);
  const kinds = faultKinds(backplane);
  let deck: (typeof kinds)[number][] = [];
  const deal = (fits: (kind: FaultKind) => boolean): (typeof kinds)[number] => {
    if (!deck.some(fits)) deck = [...deck, ...random.shuffle(kinds)];
    return deck.splice(deck.findIndex(fits), 1)[0]!;
  };
  const planned = ({ name, lasts }: (typeof kinds)[number], after: number, otherThan: number): PlannedFault => ({
    kind: name,
    replica: (otherThan + random.between(1, replicas - 1)) % replicas,
    group: random.between(0, cableGroups - 1),
    after,
    lasts: random.between(...lasts),
  });

  for (let first = true; ; first = false) {
    const waits = first || random.next() >= impatient;
    const pause = random.between(500, 6_000);
    const kind = deal(() => true);
    const fault = planned(kind, 0, random.between(0, replicas - 1));
    const faults = [fault];
    if (random.next() < together) {
      // Never the same server twice at a time: what is stopped cannot be stopped.
      const second = deal(({ victim }) => victim !== kind.victim || (victim === 'replica' && replicas > 1));
      faults.push(planned(second, random.between(0, 2_000), fault.replica));
    }
    yield { waits, pause, faults };
  }
}
