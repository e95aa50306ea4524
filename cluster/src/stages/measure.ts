import { join } from 'node:path';
import type { Environment } from '../machine/environment.ts';
import { pinnedNode, repositoryRoot } from '../repository.ts';
import { findChromium } from './chromium.ts';
import { runTool } from './run-tool.ts';
import { backplanesFor, type Stage, type StageContext } from './stage.ts';
import { countAsOne } from './tally.ts';

/**
 * Measures two replicas, the quiz under load, the market while its leaders die, and the stock board in a browser. Passes whatever the times
 * are, as long as nothing is lost and nothing is there twice.
 */
export const measure: Stage = (context) => [
  ...usual(context).map((backplane) => ({
    name: backplane,
    run: () => runMeasurement(context, 'measure.ts', ['--backplane', backplane]),
  })),
  ...usual(context).map((backplane) => ({
    name: `quiz ${backplane}`,
    run: () => runMeasurement(context, 'quiz.ts', ['--backplane', backplane]),
  })),
  ...usual(context).map((backplane) => ({
    name: `market ${backplane}`,
    run: () => runMeasurement(context, 'market.ts', ['--backplane', backplane, '--minutes', String(context.minutes)]),
  })),
  {
    name: 'board',
    run: async () => {
      const chromium = await findChromium((line) => context.terminal.step(line), context.signal);
      return runMeasurement(context, 'board-frames.ts', [], { CHROMIUM_PATH: chromium });
    },
  },
];

function usual(context: StageContext) {
  return backplanesFor('measure', context, ['postgres', 'redis']);
}

async function runMeasurement(context: StageContext, file: string, args: readonly string[], env: Environment = {}) {
  const cwd = join(repositoryRoot, 'e2e');
  const tool = { name: 'measure', command: pinnedNode(), args: [join('measure', file), ...args], cwd, env };
  return countAsOne(await runTool(context, tool));
}
