import { toolEnvironment, withSettings, type Environment } from '../machine/environment.ts';
import { runCommand, type CommandResult } from '../machine/run-command.ts';
import type { StageContext } from './stage.ts';

interface Tool {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Environment;
}

/** Runs a tool to its end and shows what it writes. */
export function runTool(
  { terminal, scratch, signal }: StageContext,
  { env = {}, ...tool }: Tool,
): Promise<CommandResult> {
  return runCommand({
    ...tool,
    env: withSettings(toolEnvironment(), { CI: '1', ...env }),
    registry: scratch.processes,
    signal,
    onLine: (line) => terminal.print(line),
  });
}

/** Words that run npm, which on Windows is a script that only its shell can run. */
export function npm(...args: readonly string[]): { readonly command: string; readonly args: readonly string[] } {
  return process.platform === 'win32'
    ? { command: 'cmd.exe', args: ['/d', '/c', 'npm', ...args] }
    : { command: 'npm', args };
}
