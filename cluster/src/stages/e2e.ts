import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { needsRedis, type Backplane } from '../backplanes.ts';
import { prepareServer } from '../replicas/prepare-server.ts';
import { findRedis } from '../stores/redis-binary.ts';
import { pinnedNode, repositoryRoot } from '../repository.ts';
import { findChromium } from './chromium.ts';
import { readPlaywrightFailures, readPlaywrightTally } from './read-tally.ts';
import { runTool } from './run-tool.ts';
import { backplanesFor, type Stage, type StageContext } from './stage.ts';
import { judge, nothing } from './tally.ts';

const e2eFolder = join(repositoryRoot, 'e2e');

/**
 * Playwright in a real browser against real replicas: everything over each backplane that loses nothing, and a short part over each of the others.
 * Azure's is a service, which is not there.
 */
export const e2e: Stage = (context) =>
  backplanesFor('e2e', context, ['postgres', 'redis', 'microsoft', 'none']).map((backplane) => ({
    name: backplane,
    run: () => runPlaywright(context, backplane),
  }));

async function runPlaywright(context: StageContext, backplane: Backplane) {
  const { signal, scratch, terminal } = context;
  const onProgress = (line: string): void => terminal.step(line);
  const chromium = await findChromium(onProgress, signal);
  if (needsRedis(backplane)) await findRedis(onProgress, signal);
  // Here, so that workers of Playwright that start clusters at the same time find everything built.
  await prepareServer({ onProgress, signal }, scratch.processes);

  const report = join(scratch.path, `playwright-${backplane}.json`);
  const { code, lines } = await runTool(context, {
    name: 'playwright',
    command: pinnedNode(),
    args: [
      createRequire(join(e2eFolder, 'package.json')).resolve('@playwright/test/cli'),
      'test',
      '--reporter=list,json',
    ],
    cwd: e2eFolder,
    // Its clusters are ended by its own teardown.
    graceMs: 30_000,
    env: {
      // It colours for itself, and warns when it is told not to.
      NO_COLOR: undefined,
      BACKPLANE: backplane,
      CHROMIUM_PATH: chromium,
      PLAYWRIGHT_JSON_OUTPUT_FILE: report,
    },
  });
  return judge({ ...readReport(report), ...readPlaywrightFailures(lines) }, code);
}

function readReport(path: string) {
  try {
    return readPlaywrightTally(readFileSync(path, 'utf8'));
  } catch {
    // It did not come as far as writing one.
    return nothing;
  }
}
