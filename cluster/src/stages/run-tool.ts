import { toolEnvironment, withSettings, type Environment } from '../machine/environment.ts';
import { runCommand, type CommandResult } from '../machine/run-command.ts';
import type { StageContext } from './stage.ts';

interface Tool {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Environment;
  /** Milliseconds that it gets to tidy up when the run is interrupted, which it hears of as of a Ctrl-C; none unless told. */
  readonly graceMs?: number;
}

/** More than any run writes, and little enough to keep. */
const maxLines = 200_000;

/** Runs a tool to its end and shows what it writes, which is also returned. */
export async function runTool(
  { terminal, scratch, signal }: StageContext,
  { env = {}, ...tool }: Tool,
): Promise<CommandResult> {
  // All of them: the summaries to be read may lie far before the end.
  const lines: string[] = [];
  const { code } = await runCommand({
    ...tool,
    env: withSettings(toolEnvironment(), { CI: '1', ...env }),
    stopSignal: 'SIGINT',
    registry: scratch.processes,
    signal,
    onLine: (line) => {
      terminal.print(line);
      if (lines.length < maxLines) lines.push(line);
    },
  });
  return { code, lines };
}

/** Words that run npm, which on Windows is a script that only its shell can run. */
export function npm(...args: readonly string[]): { readonly command: string; readonly args: readonly string[] } {
  return process.platform === 'win32'
    ? { command: 'cmd.exe', args: ['/d', '/c', 'npm', ...args] }
    : { command: 'npm', args };
}
