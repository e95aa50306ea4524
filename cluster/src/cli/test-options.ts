import { parseArgs } from 'node:util';
import type { Backplane } from '../cluster-options.ts';
import { Problem } from '../problem.ts';

export interface TestOptions<T extends string> {
  /** In the order in which they run. */
  readonly stages: readonly T[];
  /** The ones to test and measure with. */
  readonly backplanes: readonly Backplane[];
  readonly help: boolean;
}

export const testHelp = `Runs the tests of Hubbub; all of them without an argument.

  ./test.sh [stage …] [--backplane postgres|redis]

  lint      formatting, rules and types; the backend with warnings as errors
  unit      tests of cluster, frontend and backend, with a PostgreSQL and a Redis that are started for them
  e2e       Playwright in Chromium against two replicas, once over PostgreSQL and once over Redis
  measure   how fast a message reaches the other replica, what killing replicas costs, and how smoothly
            the stock board moves; only when it is asked for

  --backplane NAME   e2e and measure over this one only

Environment:
  CHROMIUM_PATH   the browser to use; otherwise one is looked for, and installed where that needs no password`;

const backplanes: readonly Backplane[] = ['postgres', 'redis'];

/** Reads the arguments of the test command. Without a stage it is all but those `onDemand`. Throws a {@link Problem} that says what is wrong. */
export function parseTestOptions<T extends string>(
  args: readonly string[],
  known: readonly T[],
  onDemand: readonly T[],
): TestOptions<T> {
  const { values, positionals } = parse(args);
  const wrong = positionals.find((arg) => !known.some((name) => name === arg));
  if (wrong !== undefined) throw new Problem(`There is no stage "${wrong}". The stages are ${known.join(', ')}.`);
  const wanted = values.backplane;
  if (wanted !== undefined && !backplanes.some((name) => name === wanted))
    throw new Problem(`--backplane takes postgres or redis, not "${wanted}".`);
  return {
    stages: known.filter((name) => (positionals.length === 0 ? !onDemand.includes(name) : positionals.includes(name))),
    backplanes: backplanes.filter((name) => wanted === undefined || name === wanted),
    help: values.help,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { backplane: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
    });
  } catch (error) {
    // Its first sentence says what is wrong, the rest is about the syntax of command lines in general.
    const [sentence] = (error as Error).message.split(/\.\s|\n/);
    throw new Problem(`${sentence!.replace(/\.$/, '')}. See ./test.sh --help.`);
  }
}
