import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { toolEnvironment } from '../machine/environment.ts';
import { requireCommand } from '../machine/run-command.ts';
import { Problem } from '../problem.ts';
import { pinnedNode, repositoryRoot } from '../repository.ts';
import { buildOnce, lastBuild, type BuildContext } from './build-once.ts';
import { narrate } from './narrate.ts';
import { hashSources } from './source-hash.ts';

const frontend = join(repositoryRoot, 'frontend');
const store = join(frontend, 'dist', 'builds');
const what = 'the app';

/** Builds the Angular app if its sources changed. Returns the folder to serve. */
export async function buildFrontend(context: BuildContext): Promise<string> {
  const hash = hashSources(repositoryRoot, ['frontend', 'package-lock.json']);
  const make = async (target: string): Promise<void> => {
    await requireCommand({
      name: 'ng build',
      command: pinnedNode(),
      args: [findAngular(), 'build', '--output-path', target],
      cwd: frontend,
      env: toolEnvironment(),
      registry: context.registry,
      signal: context.signal,
      failure: 'The app does not build; see above.',
      onLine: narrate(context.onProgress),
    });
  };
  return join(await buildOnce({ what, store, hash, make, ...context }), 'browser');
}

export function lastFrontend(): string {
  return join(lastBuild(what, store), 'browser');
}

function findAngular(): string {
  try {
    const manifest = createRequire(join(frontend, 'package.json')).resolve('@angular/cli/package.json');
    return join(dirname(manifest), 'bin', 'ng.js');
  } catch {
    throw new Problem('The packages of the app are not installed. Run npm ci in the root of the repository.');
  }
}
