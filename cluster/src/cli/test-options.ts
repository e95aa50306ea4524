import { parseArgs } from 'node:util';
import { parseBackplane, type Backplane } from '../backplanes.ts';
import { Problem } from '../problem.ts';

export interface TestOptions<T extends string> {
  /** In the order in which they run. */
  readonly stages: readonly T[];
  /** The only one to test and measure with; undefined for those that each stage has. */
  readonly backplane: Backplane | undefined;
  /** How long the nemesis of the chaos stage rages. */
  readonly minutes: number;
  /** What its faults follow from; undefined for one that is chosen by chance. */
  readonly seed: number | undefined;
  readonly help: boolean;
}

/** Enough for half a dozen faults. */
const defaultMinutes = 1.25;

export const testHelp = `Runs the tests of Hubbub; all of them without an argument.

  ./test.sh [stage …] [--backplane NAME] [--minutes M] [--seed S]

  lint      formatting, rules and types; the backend with warnings as errors
  unit      tests of cluster, frontend and backend, with a PostgreSQL and a Redis that are started for them
  e2e       Playwright in Chromium against two replicas: all of it over postgres, over redis what comes from other replicas and what
            breaks, and over microsoft and none what is different there
  chaos     three replicas, their stores and the cables to them are killed, paused and cut while clients talk: nothing may be lost, come
            twice, in another order, or from nowhere. Over microsoft, which is run only when it is named, that is counted and fails nothing
  measure   how fast a message reaches the other replica, what killing replicas costs, the quiz under load, the market while its
            leaders die, and how smoothly the stock board moves; only when it is asked for

  --backplane NAME   e2e, chaos and measure over this one only
  --minutes M        how long chaos and the market's recording last over each backplane, 0.5 to 60 (${defaultMinutes})
  --seed S           repeats the faults of an earlier chaos, 0 to 4294967295

Environment:
  CHROMIUM_PATH   the browser to use; otherwise one is looked for, and installed where that needs no password`;

/** Reads the arguments of the test command. Without a stage it is all but those `onDemand`. Throws a {@link Problem} that says what is wrong. */
export function parseTestOptions<T extends string>(
  args: readonly string[],
  known: readonly T[],
  onDemand: readonly T[],
): TestOptions<T> {
  const { values, positionals } = parse(args);
  const wrong = positionals.find((arg) => !known.some((name) => name === arg));
  if (wrong !== undefined) throw new Problem(`There is no stage "${wrong}". The stages are ${known.join(', ')}.`);
  return {
    stages: known.filter((name) => (positionals.length === 0 ? !onDemand.includes(name) : positionals.includes(name))),
    backplane: values.backplane === undefined ? undefined : parseBackplane(values.backplane),
    minutes: number(values.minutes, '--minutes', /^\d+(\.\d+)?$/, 0.5, 60) ?? defaultMinutes,
    seed: number(values.seed, '--seed', /^\d+$/, 0, 2 ** 32 - 1),
    help: values.help,
  };
}

function number(text: string | undefined, option: string, form: RegExp, min: number, max: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!form.test(text) || value < min || value > max)
    throw new Problem(`${option} takes a number from ${min} to ${max}, not "${text}".`);
  return value;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        backplane: { type: 'string' },
        minutes: { type: 'string' },
        seed: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    // Its first sentence says what is wrong, the rest is about the syntax of command lines in general.
    const [sentence] = (error as Error).message.split(/\.\s|\n/);
    throw new Problem(`${sentence!.replace(/\.$/, '')}. See ./test.sh --help.`);
  }
}
