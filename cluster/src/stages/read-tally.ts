import { stripVTControlCharacters } from 'node:util';
import { add, nothing, type Tally } from './tally.ts';

/** Reads the summary that `node --test` prints. */
export function readNodeTally(lines: readonly string[]): Tally {
  const count = (what: string): number => Number(lastMatch(lines, new RegExp(`^(?:ℹ|#) ${what} (\\d+)$`))?.[1] ?? 0);
  return {
    passed: count('pass'),
    failed: count('fail') + count('cancelled'),
    skipped: count('skipped') + count('todo'),
  };
}

/** Reads the summary that Vitest prints: "Tests  1 failed | 12 passed | 2 skipped (15)". */
export function readVitestTally(lines: readonly string[]): Tally {
  const summary = lastMatch(lines, /^\s*Tests\s+(.*)\(\d+\)/)?.[1] ?? '';
  const count = (what: string): number => Number(new RegExp(`(\\d+) ${what}`).exec(summary)?.[1] ?? 0);
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped') + count('todo') };
}

/** Adds up the lines that `dotnet test` prints, one for each project. */
export function readDotnetTally(lines: readonly string[]): Tally {
  const projects = lines.map((line) => /Failed:\s*(\d+), Passed:\s*(\d+), Skipped:\s*(\d+), Total:/.exec(line));
  return add(
    ...projects.map((m) => (m ? { failed: Number(m[1]), passed: Number(m[2]), skipped: Number(m[3]) } : nothing)),
  );
}

/** Reads Playwright's JSON report. A test that passed only when it was repeated counts as passed; the list above says that it was flaky. */
export function readPlaywrightTally(report: string): Tally {
  const { stats, errors } = JSON.parse(report) as {
    stats: { expected: number; flaky: number; unexpected: number; skipped: number };
    errors: unknown[];
  };
  const passed = stats.expected + stats.flaky;
  return { passed, failed: stats.unexpected + errors.length, skipped: stats.skipped };
}

function lastMatch(lines: readonly string[], pattern: RegExp): RegExpExecArray | undefined {
  return lines
    .map((line) => pattern.exec(stripVTControlCharacters(line)))
    .filter((match) => match !== null)
    .at(-1);
}
