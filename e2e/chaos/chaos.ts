// Breaks replicas, stores and cables under clients that talk, and proves that nothing was lost, duplicated, reordered or made up; over a
// backplane that may lose, it counts how much that was.
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Problem, parseBackplane } from '@hubbub/cluster';
import { isKept, report } from './report.ts';
import { runChaos } from './run.ts';

const { values } = parseArgs({
  options: {
    backplane: { type: 'string', default: 'postgres' },
    minutes: { type: 'string', default: '1.25' },
    seed: { type: 'string' },
  },
});
const seed = values.seed === undefined ? randomInt(1_000_000) : Number(values.seed);
const minutes = Number(values.minutes);
const backplane = parseBackplane(values.backplane);
const folder = join(import.meta.dirname, '..', '..', '.run', 'chaos');

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

// SignalR's client leaves its own promise alone when the server refuses the handshake while the request for it is still on its way. In a
// browser that is a line in the console; the attempt fails and the next one follows.
process.on('unhandledRejection', (error) => {
  if (!(error instanceof Error && error.message.startsWith('Server returned handshake error'))) throw error;
});

process.exitCode = 1;
try {
  const started = performance.now();
  const onProgress = (line: string): void => {
    console.log(`${((performance.now() - started) / 1_000).toFixed(1).padStart(6)} s  ${line}`);
  };
  onProgress(`seed ${seed}, ${minutes} minutes`);
  const { outcome, historyPath } = await runChaos({
    backplane,
    seed,
    minutes,
    folder,
    onProgress,
    signal: stop.signal,
  });
  console.log('');
  for (const line of report(outcome)) console.log(line);
  console.log(`history: ${historyPath}`);
  console.log(`again: ./test.sh chaos --backplane ${backplane} --seed ${seed} --minutes ${minutes}`);
  process.exitCode = isKept(outcome) ? 0 : 1;
} catch (error) {
  if (stop.signal.aborted) process.exitCode = 130;
  else if (error instanceof Problem) console.error([...error.details, `error: ${error.message}`].join('\n'));
  else console.error(error);
}
// Connections that hung when their replica was killed would keep the process.
process.exit();
