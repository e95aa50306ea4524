/** What became of some tests. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** The first lines of what failed, to be shown again at the end of a long run. */
  readonly failures?: readonly string[];
}

/** How many of the last lines of a failed check are shown again. */
const linesOfCheck = 30;

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

/** The tally of a command that is one check; what it wrote last says why it failed. */
export function countAsOne({ code, lines }: { readonly code: number; readonly lines: readonly string[] }): Tally {
  return code === 0
    ? { passed: 1, failed: 0, skipped: 0 }
    : { passed: 0, failed: 1, skipped: 0, failures: lines.slice(-linesOfCheck) };
}
