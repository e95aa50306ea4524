import { parseArgs } from 'node:util';
import { backplanes, parseBackplane, type Backplane } from '../backplanes.ts';
import { Problem } from '../problem.ts';

export interface StartOptions {
  readonly replicas: number;
  readonly backplane: Backplane;
  readonly basePort: number;
  /** Undefined for the default, `.data` in the repository. */
  readonly data: string | undefined;
  readonly fresh: boolean;
  readonly build: boolean;
  readonly help: boolean;
}

export const startHelp = `Starts Hubbub on this machine: PostgreSQL, Redis where the backplane needs it, and its replicas.
Ctrl-C stops all of it.

  ./start.sh [options]

  --replicas N                 how many replicas, 1 to 16 (2)
  --backplane NAME             what connects them (postgres): ${backplanes.join(', ')};
                               docs/choosing-a-backplane.md compares them;
                               azure needs Azure__SignalR__ConnectionString
  --base-port PORT             port of the first replica, the others follow (5001)
  --data DIR                   where the data is kept (.data)
  --fresh                      delete the data first
  --no-build                   run what was built last
  --help                       show this

Environment:
  CONNECTIONSTRINGS__HUBBUB    a PostgreSQL server to use instead: Host=…;Port=5432;Database=…;Username=…;Password=…
  CONNECTIONSTRINGS__REDIS     a Redis server to use instead: host:port[,password=…][,user=…][,ssl=true]
Every other setting in the environment reaches the replicas as it is.`;

/** Reads the arguments of the start command. Throws a {@link Problem} that names the one that is wrong. */
export function parseStartOptions(args: readonly string[]): StartOptions {
  const values = parse(args);
  const replicas = integer(values.replicas, '--replicas', 1, 16);
  const basePort = integer(values['base-port'], '--base-port', 1, 65_535);
  if (basePort + replicas - 1 > 65_535)
    throw new Problem(`--base-port ${basePort} leaves no room for ${replicas} replicas below 65536.`);
  const { data } = values;
  const backplane = parseBackplane(values.backplane);
  if (data === '') throw new Problem('--data takes the name of a folder.');
  return { replicas, backplane, basePort, data, fresh: values.fresh, build: !values['no-build'], help: values.help };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        replicas: { type: 'string', default: '2' },
        backplane: { type: 'string', default: 'postgres' },
        'base-port': { type: 'string', default: '5001' },
        data: { type: 'string' },
        fresh: { type: 'boolean', default: false },
        'no-build': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    // Its first sentence says what is wrong, the rest is about the syntax of command lines in general.
    const [sentence] = (error as Error).message.split(/\.\s|\n/);
    throw new Problem(`${sentence!.replace(/\.$/, '')}. See ./start.sh --help.`);
  }
}

function integer(text: string, option: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max)
    throw new Problem(`${option} takes a whole number from ${min} to ${max}, not "${text}".`);
  return value;
}
