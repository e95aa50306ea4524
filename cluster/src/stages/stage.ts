import { inWords, type Backplane } from '../backplanes.ts';
import type { DataDirectory } from '../data/data-directory.ts';
import type { Terminal } from '../cli/terminal.ts';
import { Problem } from '../problem.ts';
import type { Tally } from './tally.ts';

/** What every stage gets. */
export interface StageContext {
  readonly terminal: Terminal;
  /** For what the stages write, and for the list of the processes that they start. */
  readonly scratch: DataDirectory;
  /** The only one to run over, if one was asked for. */
  readonly backplane: Backplane | undefined;
  /** How long chaos lasts, and what it follows from unless that is left to chance. */
  readonly minutes: number;
  readonly seed: number | undefined;
  readonly signal: AbortSignal;
}

/** A part of a stage, with a row of its own in the summary. */
export interface Part {
  readonly name: string;
  readonly run: () => Promise<Tally>;
}

/** Lists the parts of a stage, in the order in which they run. */
export type Stage = (context: StageContext) => readonly Part[];

/** The backplanes that a stage runs over: its usual ones, or the one that was asked for. Throws a {@link Problem} if it does not know that one. */
export function backplanesFor(
  stage: string,
  { backplane }: StageContext,
  usual: readonly Backplane[],
  whenAsked: readonly Backplane[] = [],
): readonly Backplane[] {
  if (backplane === undefined) return usual;
  const known = [...usual, ...whenAsked];
  if (!known.includes(backplane)) throw new Problem(`${stage} runs over ${inWords(known)}, not over ${backplane}.`);
  return [backplane];
}
