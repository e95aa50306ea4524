// The command behind test.sh and test.bat.
import { onStopSignal } from './cli/on-stop.ts';
import { Terminal } from './cli/terminal.ts';
import { parseTestOptions, testHelp, type TestOptions } from './cli/test-options.ts';
import { DataDirectory } from './data/data-directory.ts';
import { chaos } from './stages/chaos.ts';
import { e2e } from './stages/e2e.ts';
import { lint } from './stages/lint.ts';
import { measure } from './stages/measure.ts';
import type { Part, StageContext } from './stages/stage.ts';
import { isGood, summarize, type Result } from './stages/summary.ts';
import { unit } from './stages/unit.ts';

const stages = { lint, unit, e2e, chaos, measure };
type StageName = keyof typeof stages;

const stop = new AbortController();
const terminal = new Terminal(() => stop.abort());
onStopSignal(
  (signal) => {
    terminal.warn(`interrupted (${signal})`);
    stop.abort();
  },
  // What is left then is ended by the guard.
  () => process.exit(130),
);

try {
  const names = Object.keys(stages) as StageName[];
  const options = parseTestOptions(process.argv.slice(2), names, ['measure']);
  if (options.help) terminal.print(testHelp);
  else await run(options);
} catch (error) {
  if (!stop.signal.aborted) terminal.fail(error);
  process.exitCode = stop.signal.aborted ? 130 : 1;
}

async function run({ stages: chosen, backplane, minutes, seed }: TestOptions<StageName>): Promise<void> {
  const scratch = await DataDirectory.open({});
  try {
    const context: StageContext = { terminal, scratch, backplane, minutes, seed, signal: stop.signal };
    // All of them first: what a stage cannot do is better said before the others have run.
    const parts = chosen.flatMap((stage) => stages[stage](context).map((part) => ({ stage, part })));
    const results: Result[] = [];
    for (const { stage, part } of parts) results.push(await runPart(`${stage}: ${part.name}`, part));
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
