import { Problem } from '../problem.ts';

export const testHelp = `Runs the tests of Hubbub; all of them without an argument.

  ./test.sh [stage …]

  lint    formatting, rules and types; the backend with warnings as errors
  unit    tests of cluster, frontend and backend, with a PostgreSQL and a Redis that are started for them
  e2e     Playwright in Chromium against two replicas, once over PostgreSQL and once over Redis

Environment:
  CHROMIUM_PATH   the browser to use; otherwise one is looked for, and installed where that needs no password`;

/** The stages that the arguments ask for, in the order in which they run. Throws a {@link Problem} for one that there is not. */
export function chooseStages<T extends string>(args: readonly string[], known: readonly T[]): T[] {
  const wrong = args.find((arg) => !known.some((name) => name === arg));
  if (wrong !== undefined) throw new Problem(`There is no stage "${wrong}". The stages are ${known.join(', ')}.`);
  return known.filter((name) => args.length === 0 || args.includes(name));
}
