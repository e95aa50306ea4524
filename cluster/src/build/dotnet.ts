import { homedir } from 'node:os';
import { join } from 'node:path';
import { toolEnvironment } from '../machine/environment.ts';
import { findProgram } from '../machine/find-program.ts';
import { runCommand } from '../machine/run-command.ts';
import { Problem } from '../problem.ts';
import { repositoryRoot } from '../repository.ts';

const advice = 'Install the .NET SDK 10 from https://dotnet.microsoft.com/download/dotnet/10.0 and start again.';

/** The `dotnet` command: on the PATH, or where its installers put it. Throws a {@link Problem} when there is none. */
export function findDotnet(): string {
  const dotnet = findProgram('dotnet', [process.env['DOTNET_ROOT'], join(homedir(), '.dotnet')]);
  if (!dotnet) throw new Problem(`The .NET SDK was not found. ${advice}`);
  return dotnet;
}

/** The version of the SDK that builds the backend. Throws a {@link Problem} when there is none that can. */
export async function requireDotnetSdk(dotnet: string, signal?: AbortSignal): Promise<string> {
  const { code, lines } = await runCommand({
    name: 'dotnet',
    command: dotnet,
    args: ['--version'],
    // There global.json says which SDKs will do.
    cwd: join(repositoryRoot, 'backend'),
    env: toolEnvironment(),
    signal,
  });
  const version = lines.at(-1) ?? '';
  if (code !== 0 || !/^10\./.test(version))
    throw new Problem(`No .NET SDK 10 is among the installed ones. ${advice}`, code === 0 ? [] : lines);
  return version;
}
