import { Problem } from '../problem.ts';
import { type ProcessOptions, ManagedProcess } from './managed-process.ts';

export interface CommandOptions extends Omit<ProcessOptions, 'role' | 'registry'> {
  readonly registry?: ProcessOptions['registry'];
  /** Ends the command, and everything it has started, when aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds that it gets to end by itself when aborted; none unless told. */
  readonly graceMs?: number;
}

export interface CommandResult {
  readonly code: number;
  /** The last lines it wrote, to both outputs. */
  readonly lines: readonly string[];
}

const unregistered = { add: () => {}, remove: () => {} };

/** Runs a command to its end, whatever that is. */
export async function runCommand({
  signal,
  graceMs = 0,
  registry = unregistered,
  ...options
}: CommandOptions): Promise<CommandResult> {
  signal?.throwIfAborted();
  const running = await ManagedProcess.start({ ...options, registry, role: 'tool' });
  const abort = (): void => void (graceMs > 0 ? running.stop(graceMs) : running.kill()).catch(() => {});
  signal?.addEventListener('abort', abort);
  try {
    const exit = await running.drained();
    signal?.throwIfAborted();
    return { code: exit.code ?? 1, lines: running.log.lines };
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

/** Runs a command that has to succeed; throws a {@link Problem} with the end of its output if it does not. */
export async function requireCommand(options: CommandOptions & { readonly failure: string }): Promise<CommandResult> {
  const { failure, ...command } = options;
  const result = await runCommand(command);
  if (result.code !== 0) throw new Problem(failure, result.lines.slice(-30));
  return result;
}
