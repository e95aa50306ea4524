// The command behind test.sh and test.bat.
import { onStopSignal } from './cli/on-stop.ts';
import { Terminal } from './cli/terminal.ts';
import { chooseStages, testHelp } from './cli/test-options.ts';
import { DataDirectory } from './data/data-directory.ts';
import { e2e } from './stages/e2e.ts';
import { lint } from './stages/lint.ts';
import type { Part, StageContext } from './stages/stage.ts';
import { isGood, summarize, type Result } from './stages/summary.ts';
import { unit } from './stages/unit.ts';

const stages = { lint, unit, e2e };
const names = Object.keys(stages) as (keyof typeof stages)[];

const stop = new AbortController();
const terminal = new Terminal(() => stop.abort());
onStopSignal(
  () => stop.abort(),
  // What is left then is ended by the guard.
  () => process.exit(130),
);

try {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) terminal.print(testHelp);
  else await run(chooseStages(args, names));
} catch (error) {
  if (!stop.signal.aborted) terminal.fail(error);
  process.exitCode = stop.signal.aborted ? 130 : 1;
}

async function run(chosen: readonly (keyof typeof stages)[]): Promise<void> {
  const scratch = await DataDirectory.open({});
  try {
    const context: StageContext = { terminal, scratch, signal: stop.signal };
    const results: Result[] = [];
    for (const stage of chosen) {
      for (const part of stages[stage](context)) results.push(await runPart(`${stage}: ${part.name}`, part));
    }
    for (const line of ['', ...summarize(results)]) terminal.print(line);
    process.exitCode = isGood(results) ? 0 : 1;
  } finally {
    await scratch.close();
  }
}

/** Runs one part; whatever stops it from running counts as its failure, and the next ones still run. */
async function runPart(name: string, part: Part): Promise<Result> {
  const started = performance.now();
  const ms = (): number => performance.now() - started;
  terminal.print('');
  terminal.step(name);
  try {
    return { name, tally: await part.run(), ms: ms() };
  } catch (error) {
    if (stop.signal.aborted) throw error;
    terminal.fail(error);
    return { name, tally: { passed: 0, failed: 1, skipped: 0 }, ms: ms() };
  }
}
