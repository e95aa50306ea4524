import { setTimeout as delay } from 'node:timers/promises';
import { makeFault, type Targets } from './faults.ts';
import type { FaultName } from './fault-kinds.ts';
import type { PlannedFault, Step } from './plan.ts';

/** A fault that was carried out. */
export interface Done {
  readonly kind: FaultName;
  readonly target: string;
  /** Milliseconds since the nemesis began. */
  readonly began: number;
  /** Until what was hit served again. */
  readonly ended: number;
}

export interface NemesisOptions {
  readonly steps: Iterator<Step, never>;
  readonly targets: Targets;
  /** No step begins after so many milliseconds; one that runs is carried through. */
  readonly lastsMs: number;
  /** Waits until the cluster has recovered; gives the milliseconds that it took. */
  readonly recover: () => Promise<number>;
  readonly onFault: (done: Done) => void;
  /** Told how long the recovery took from the end of a step's last fault, if nothing was broken meanwhile. */
  readonly onRecovery: (ms: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Carries out steps until its time is over, and leaves everything whole. Throws if something cannot be made good again, or if the cluster does not
 * recover.
 */
export async function unleash({ steps, targets, lastsMs, recover, ...options }: NemesisOptions): Promise<void> {
  const { onFault, onRecovery, signal } = options;
  const started = performance.now();
  const now = (): number => performance.now() - started;
  let step = steps.next().value;
  for (;;) {
    await delay(step.pause, undefined, { signal });
    if (now() >= lastsMs) return;
    await Promise.all(step.faults.map((planned) => carryOut(planned)));
    step = steps.next().value;
    // The last one recovers undisturbed.
    if (step.waits || now() + step.pause >= lastsMs) onRecovery(await recover());
  }

  async function carryOut(planned: PlannedFault): Promise<void> {
    await delay(planned.after, undefined, { signal });
    const fault = makeFault(planned, targets);
    const began = now();
    await fault.begin();
    try {
      await delay(planned.lasts, undefined, { signal });
    } finally {
      await fault.end();
    }
    onFault({ kind: planned.kind, target: fault.target, began, ended: now() });
  }
}
