import { join } from 'node:path';
import { toolEnvironment } from '../machine/environment.ts';
import { requireCommand } from '../machine/run-command.ts';
import { repositoryRoot } from '../repository.ts';
import { buildOnce, lastBuild, type BuildContext } from './build-once.ts';
import { hashSources } from './source-hash.ts';
import { narrate } from './narrate.ts';

const backend = join(repositoryRoot, 'backend');
const store = join(backend, 'dist');
const what = 'the server';
const assembly = 'Hubbub.Server.dll';

/** Builds the server if its sources changed. Returns the path of its assembly, for `dotnet` to run. */
export async function buildBackend(dotnet: string, sdk: string, context: BuildContext): Promise<string> {
  const sources = [
    'src',
    'Directory.Build.props',
    'Directory.Build.targets',
    'Directory.Packages.props',
    'global.json',
    'BannedSymbols.txt',
  ];
  const hash = hashSources(backend, [...sources, '../.editorconfig'], sdk);
  const make = async (target: string): Promise<void> => {
    await requireCommand({
      name: 'dotnet publish',
      command: dotnet,
      args: ['publish', join('src', 'Hubbub.Server'), '--configuration', 'Release', '--output', target, ...quietBuild],
      cwd: backend,
      env: toolEnvironment(),
      registry: context.registry,
      signal: context.signal,
      failure: 'The server does not build; see above.',
      onLine: narrate(context.onProgress),
    });
  };
  return join(await buildOnce({ what, store, hash, make, ...context }), assembly);
}

export function lastBackend(): string {
  return join(lastBuild(what, store), assembly);
}

/** Arguments for any `dotnet` build: no process of it stays behind, and its output is one plain line per project. */
export const quietBuild = ['-nodeReuse:false', '-p:UseSharedCompilation=false', '-tl:off', '-nologo', '-v:minimal'];
