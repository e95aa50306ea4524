/** What became of some tests. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const nothing: Tally = { passed: 0, failed: 0, skipped: 0 };

export function add(...tallies: readonly Tally[]): Tally {
  const sum = (of: (tally: Tally) => number): number => tallies.reduce((total, tally) => total + of(tally), 0);
  return { passed: sum((t) => t.passed), failed: sum((t) => t.failed), skipped: sum((t) => t.skipped) };
}

/**
 * The tally to go by: a command that failed without naming a failed test (it did not build, it crashed) counts as one failure, and so does
 * one that ran no test at all.
 */
export function judge(tally: Tally, exitCode: number): Tally {
  const isFailure = exitCode !== 0 || tally.passed === 0;
  return isFailure && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}

/** The tally of a command that is one check. */
export function countAsOne({ code }: { readonly code: number }): Tally {
  return judge({ passed: code === 0 ? 1 : 0, failed: 0, skipped: 0 }, code);
}
