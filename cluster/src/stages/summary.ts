import { add, type Tally } from './tally.ts';

/** One row of the table. */
export interface Result {
  readonly name: string;
  readonly tally: Tally;
  readonly ms: number;
}

/** What failed, a table with a row for each part, and below it, alone on the last line, what counts. */
export function summarize(results: readonly Result[]): string[] {
  const total = add(...results.map((result) => result.tally));
  const width = Math.max(5, ...results.map((result) => result.name.length));
  const row = (name: string, ...cells: readonly string[]): string =>
    [name.padEnd(width), ...cells.map((cell) => cell.padStart(9))].join('');
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  return [
    ...results.flatMap(showFailures),
    row('', 'passed', 'failed', 'skipped', 'time'),
    ...results.map(({ name, tally, ms }) =>
      row(name, String(tally.passed), String(tally.failed), String(tally.skipped), duration(ms)),
    ),
    '',
    `${total.passed} passed, ${total.failed} failed${skipped}`,
  ];
}

/** Whether everything is as it should be: something ran, and nothing failed. */
export function isGood(results: readonly Result[]): boolean {
  const { passed, failed } = add(...results.map((result) => result.tally));
  return passed > 0 && failed === 0;
}

/** Once more, since it stood far above. */
function showFailures({ name, tally: { failures = [] } }: Result): string[] {
  return failures.length > 0 ? [`failed in ${name}`, ...failures.map((line) => `  ${line}`), ''] : [];
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} m ${String(seconds % 60).padStart(2, '0')} s`;
}
