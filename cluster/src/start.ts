// The command behind start.sh and start.bat.
import { join } from 'node:path';
import { onStopSignal } from './cli/on-stop.ts';
import { parseStartOptions, startHelp, type StartOptions } from './cli/start-options.ts';
import { Terminal } from './cli/terminal.ts';
import { Cluster } from './cluster.ts';
import { readReplicaCommand } from './replicas/replica-command.ts';
import { repositoryRoot } from './repository.ts';

const stop = new AbortController();
const terminal = new Terminal(() => stop.abort());
let cluster: Cluster | undefined;

onStopSignal(
  (signal) => {
    terminal.step(`stopping (${signal})`);
    stop.abort();
  },
  () => {
    // What this cannot reach any more, the guard does.
    void (cluster?.kill() ?? Promise.resolve()).finally(() => process.exit(130));
  },
);

try {
  const options = parseStartOptions(process.argv.slice(2));
  if (options.help) terminal.print(startHelp);
  else await run(options);
} catch (error) {
  if (!stop.signal.aborted) {
    terminal.fail(error);
    process.exitCode = 1;
  }
}

async function run({ replicas, backplane, basePort, data, fresh, build }: StartOptions): Promise<void> {
  let broken: (message: string) => void = () => {};
  const brokenDown = new Promise<string>((resolve) => (broken = resolve));

  cluster = await Cluster.start({
    replicas,
    backplane,
    ports: basePort,
    dataDir: data ?? join(repositoryRoot, '.data'),
    fresh,
    build,
    externalStores: true,
    replicaCommand: readReplicaCommand(),
    signal: stop.signal,
    onProgress: (line) => terminal.step(line),
    // The one line that people and scripts look for, so nothing stands before it.
    onLog: (replica, line) =>
      line.startsWith('admin password: ') ? terminal.print(line) : terminal.log(replica, line),
    onUnexpectedEnd: (message) => {
      terminal.warn(message);
      const left = cluster?.replicas.filter((replica) => replica.state !== 'ended').length;
      if (left === 0) broken('No replica is left.');
      else if (!message.startsWith('replica-')) broken('Nothing works without it.');
    },
  });
  terminal.print(`ready ${cluster.replicas.map((replica) => replica.url).join(' ')}`);

  const aborted = new Promise<undefined>((resolve) => stop.signal.addEventListener('abort', () => resolve(undefined)));
  const reason = stop.signal.aborted ? undefined : await Promise.race([aborted, brokenDown]);
  if (reason !== undefined) {
    terminal.warn(`${reason} Stopping the rest.`);
    process.exitCode = 1;
  }
  await cluster.stop();
  terminal.step('stopped');
}
