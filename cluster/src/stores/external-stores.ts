import { connect } from 'node:net';
import { type Environment, readSetting } from '../machine/environment.ts';
import { Problem } from '../problem.ts';

/** A server that somebody else runs. */
export interface ExternalStore {
  readonly connectionString: string;
  /** `host:port`, to be shown. */
  readonly address: string;
}

/** The PostgreSQL that CONNECTIONSTRINGS__HUBBUB names, in any letter case. Throws a {@link Problem} when it cannot be reached. */
export async function externalPostgres(environment: Environment, fresh: boolean): Promise<ExternalStore | undefined> {
  const connectionString = readSetting(environment, 'CONNECTIONSTRINGS__HUBBUB');
  if (connectionString === undefined) return undefined;
  if (fresh)
    throw new Problem(
      '--fresh deletes only data that Hubbub keeps itself; it does not empty the database in CONNECTIONSTRINGS__HUBBUB.',
    );
  const parts = new Map(
    connectionString
      .split(';')
      .map((part) => splitOnce(part, '='))
      .map(([key, value]) => [key.toLowerCase(), value]),
  );
  const host = parts.get('host') ?? parts.get('server');
  if (!host)
    throw new Problem(
      'CONNECTIONSTRINGS__HUBBUB has no Host: it looks like Host=…;Port=5432;Database=…;Username=…;Password=….',
    );
  // Several hosts, or a socket's folder, are for the replicas to try.
  if (host.includes(',') || host.startsWith('/')) return { connectionString, address: host };
  return {
    connectionString,
    address: await requireReachable(host, Number(parts.get('port') ?? 5432), 'CONNECTIONSTRINGS__HUBBUB'),
  };
}

/** The Redis that CONNECTIONSTRINGS__REDIS names, in any letter case. Throws a {@link Problem} when it cannot be reached. */
export async function externalRedis(environment: Environment): Promise<ExternalStore | undefined> {
  const connectionString = readSetting(environment, 'CONNECTIONSTRINGS__REDIS');
  if (connectionString === undefined) return undefined;
  const [host, port] = splitOnce(connectionString.split(',')[0]!, ':', true);
  return { connectionString, address: await requireReachable(host, Number(port || 6379), 'CONNECTIONSTRINGS__REDIS') };
}

function splitOnce(text: string, separator: string, last = false): [string, string] {
  const at = last ? text.lastIndexOf(separator) : text.indexOf(separator);
  return at < 0 ? [text.trim(), ''] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

function requireReachable(host: string, port: number, variable: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const address = `${host}:${port}`;
    const fail = (why: string): void =>
      reject(new Problem(`The server ${address} in ${variable} cannot be reached (${why}).`));
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      fail('that is no port');
      return;
    }
    const socket = connect({ host, port, timeout: 5000 }, () => {
      socket.destroy();
      resolve(address);
    });
    socket.once('timeout', () => {
      socket.destroy();
      fail('no answer');
    });
    socket.once('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
  });
}

/** Throws a {@link Problem} unless the environment says where Azure SignalR Service is, to which the replicas connect themselves. */
export function requireAzureSignalR(environment: Environment): void {
  if (readSetting(environment, 'Azure__SignalR__ConnectionString')) return;
  throw new Problem(
    '--backplane azure needs Azure__SignalR__ConnectionString in the environment: Endpoint=https://….service.signalr.net;AccessKey=…;Version=1.0;',
  );
}
