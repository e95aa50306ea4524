import type { Backplane } from '../cluster-options.ts';
import type { DataDirectory } from '../data/data-directory.ts';
import type { Terminal } from '../cli/terminal.ts';
import type { Tally } from './tally.ts';

/** What every stage gets. */
export interface StageContext {
  readonly terminal: Terminal;
  /** For what the stages write, and for the list of the processes that they start. */
  readonly scratch: DataDirectory;
  /** The ones to run over. */
  readonly backplanes: readonly Backplane[];
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
