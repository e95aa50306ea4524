import { stripVTControlCharacters } from 'node:util';
import { add, nothing, type Tally } from './tally.ts';

/** How many failures of a tool are shown again at the end, and how many lines of each. */
const bounds = { failures: 6, lines: 12 };

/** Reads the summary that `node --test` prints, below which it lists what failed. */
export function readNodeTally(lines: readonly string[]): Tally {
  const list = lines.findLastIndex((line) => stripVTControlCharacters(line).startsWith('✖ failing tests:'));
  const count = (what: string): number => Number(lastMatch(lines, new RegExp(`^(?:ℹ|#) ${what} (\\d+)$`))?.[1] ?? 0);
  return {
    passed: count('pass'),
    failed: count('fail') + count('cancelled'),
    skipped: count('skipped') + count('todo'),
    ...failuresIn(list < 0 ? [] : lines.slice(list + 1), /^✖ /),
  };
}

/** Reads the summary that Vitest prints: "Tests  1 failed | 12 passed | 2 skipped (15)". */
export function readVitestTally(lines: readonly string[]): Tally {
  const summary = lastMatch(lines, /^\s*Tests\s+(.*)\(\d+\)/)?.[1] ?? '';
  const count = (what: string): number => Number(new RegExp(`(\\d+) ${what}`).exec(summary)?.[1] ?? 0);
  return {
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped') + count('todo'),
    ...failuresIn(lines, /^\s*FAIL {2}/),
  };
}

/** Adds up the lines that `dotnet test` prints, one for each project. */
export function readDotnetTally(lines: readonly string[]): Tally {
  const projects = lines.map((line) => /Failed:\s*(\d+), Passed:\s*(\d+), Skipped:\s*(\d+), Total:/.exec(line));
  const sum = add(
    ...projects.map((m) => (m ? { failed: Number(m[1]), passed: Number(m[2]), skipped: Number(m[3]) } : nothing)),
  );
  return { ...sum, ...failuresIn(lines, /^\s+Failed .+ \[.+\]$/) };
}

/** The numbered list of failures that Playwright writes at its end. */
export function readPlaywrightFailures(lines: readonly string[]): Pick<Tally, 'failures'> {
  return failuresIn(lines, /^\s+\d+\) \[/);
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

/** The first lines of each failure, the line that names it being the one that matches. */
function failuresIn(lines: readonly string[], heading: RegExp): Pick<Tally, 'failures'> {
  const plain = lines.map((line) => stripVTControlCharacters(line).trimEnd());
  const headings = plain.flatMap((line, i) => (heading.test(line) ? [i] : []));
  const failures = headings.slice(0, bounds.failures).flatMap((from, i) => {
    const next = headings[i + 1] ?? plain.length;
    return plain.slice(from, Math.min(next, from + bounds.lines)).filter((line) => line !== '');
  });
  return failures.length > 0 ? { failures } : {};
}

function lastMatch(lines: readonly string[], pattern: RegExp): RegExpExecArray | undefined {
  return lines
    .map((line) => pattern.exec(stripVTControlCharacters(line)))
    .filter((match) => match !== null)
    .at(-1);
}
