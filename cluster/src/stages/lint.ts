import { join } from 'node:path';
import { findDotnet, requireDotnetSdk } from '../build/dotnet.ts';
import { quietBuild } from '../build/backend.ts';
import { repositoryRoot } from '../repository.ts';
import { npm, runTool } from './run-tool.ts';
import type { Part, Stage, StageContext } from './stage.ts';
import { countAsOne } from './tally.ts';

const workspaces = ['cluster', 'frontend', 'e2e'];

/** Formatting, rules and types of everything; each check counts as one. */
export const lint: Stage = (context) => [
  ...workspaces.flatMap((workspace) => [
    npmCheck(context, workspace, 'format:check'),
    npmCheck(context, workspace, 'lint'),
  ]),
  { name: 'backend build', run: () => buildBackend(context) },
];

function npmCheck(context: StageContext, workspace: string, script: string): Part {
  const name = `${workspace} ${script.replace(':check', '')}`;
  const run = async () => {
    const call = npm('run', '--loglevel=error', script);
    return countAsOne(await runTool(context, { name, ...call, cwd: join(repositoryRoot, workspace) }));
  };
  return { name, run };
}

async function buildBackend(context: StageContext) {
  const dotnet = findDotnet();
  await requireDotnetSdk(dotnet, context.signal);
  const args = ['build', 'Hubbub.slnx', '--configuration', 'Release', '-warnaserror', ...quietBuild];
  return countAsOne(
    await runTool(context, { name: 'dotnet build', command: dotnet, args, cwd: join(repositoryRoot, 'backend') }),
  );
}
