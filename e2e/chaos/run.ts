import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Cluster, mayLose, waitFor, type Backplane } from '@hubbub/cluster';
import type { Message } from '../fixtures/wire.ts';
import { Cables } from './cables.ts';
import { Checker } from './checker.ts';
import { Client } from './client.ts';
import { converge } from './convergence.ts';
import { History } from './history.ts';
import { unleash } from './nemesis.ts';
import { Observations } from './observations.ts';
import { Pace } from './pace.ts';
import { gather } from './people.ts';
import { makePlan } from './plan.ts';
import { ReplicaLogs } from './replica-logs.ts';
import type { Outcome } from './report.ts';
import { replicaCount, suffering } from './settings.ts';
import { Trunk } from './trunk.ts';

/** Messages a second that all clients together try to say: what two cores carry besides three replicas that come and go. */
const perSecond = 450;

/** How long the first messages may take, and how long what is unanswered at the end, in milliseconds. */
const firstWords = 60_000;
const lastAnswers = 60_000;

export interface RunOptions {
  readonly backplane: Backplane;
  readonly seed: number;
  readonly minutes: number;
  /** Where the history and the logs of the replicas go. */
  readonly folder: string;
  readonly onProgress: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface Run {
  readonly outcome: Outcome;
  readonly historyPath: string;
}

/** Clients on all replicas talk while the nemesis breaks things; then everything is compared. */
export async function runChaos({ backplane, seed, minutes, folder, onProgress, signal }: RunOptions): Promise<Run> {
  const name = `${backplane}-${seed}`;
  using history = new History(join(folder, `${name}.jsonl`));
  history.write('begin', { backplane, seed, minutes, replicas: replicaCount, cores: availableParallelism() });
  const seen = new Observations(history, onProgress);
  using logs = new ReplicaLogs(folder, name);
  await using trunk = new Trunk();
  await using cluster = await Cluster.start({
    ...suffering(backplane),
    // One of them, because all that goes through a trunk costs this process time.
    storePort: (route) => (route.replica === replicaCount - 1 ? trunk.lay(route) : route.port),
    onProgress,
    onLog: (replica, line) => logs.write(replica, line),
    onUnexpectedEnd: (message) => seen.failure(message),
    signal,
  });
  const ports = cluster.replicas.map(({ port }) => port);
  await using west = await Cables.lay('western cable', ports);
  await using east = await Cables.lay('eastern cable', ports);
  const cables = [west, east];
  const people = await gather(cluster.replicas, cables);
  const checker = new Checker(
    people.map(({ name, rooms }) => ({ client: name, rooms: rooms.map(({ id }) => id) })),
    (offence) => seen.offence(offence),
  );
  const pace = new Pace(perSecond);
  const clients = people.map(
    (person) => new Client({ ...person, hasLog: !mayLose(backplane), checker, pace, events: seen }),
  );
  const rooms = new Set(people.flatMap((person) => person.rooms)).size;

  const everybodyHasAll = (): Promise<number> => converge(clients, checker, { signal, mayLose: mayLose(backplane) });

  let lasted = 0;
  let longestSilence = 0;
  let atTheEnd: number | undefined;
  try {
    for (const client of clients) client.start();
    const started = performance.now();
    const talk = beginToTalk(clients, signal);
    await waitFor(() => checker.accepted >= 10 * clients.length, {
      timeoutMs: firstWords,
      otherwise: 'The flow of messages did not begin.',
      signal,
    });
    await everybodyHasAll();
    seen.silence.begin();
    onProgress(`${clients.length} clients talk in ${rooms} rooms`);

    await unleash({
      steps: makePlan({ seed, backplane, replicas: replicaCount, cableGroups: cables.length }),
      targets: { cluster, cables, trunk },
      lastsMs: minutes * 60_000,
      recover: everybodyHasAll,
      onFault: (done) => seen.fault(done),
      onRecovery: (ms) => seen.recovery(ms),
      signal,
    }).catch((error: unknown) => seen.failure(error));
    lasted = performance.now() - started;
    longestSilence = seen.silence.close();
    await talk.end();
    atTheEnd = await everybodyHasAll();
    // Whatever came too often or too late is on its way before this; when it is there, nothing else is to come.
    const last = AbortSignal.any([signal, AbortSignal.timeout(lastAnswers)]);
    await Promise.all(clients.map((client) => client.sayOnce(last)));
    await everybodyHasAll();
  } catch (error) {
    seen.failure(error);
  }
  signal.throwIfAborted();
  await readStored(clients).then(
    (stored) => checker.finish(stored),
    (error: unknown) => seen.failure(error),
  );
  await Promise.all(clients.map((client) => client.stop()));

  const outcome: Outcome = {
    backplane,
    seed,
    lasted,
    replicas: replicaCount,
    clients: clients.length,
    resuming: people.filter(({ resumes }) => resumes).length,
    rooms,
    accepted: checker.accepted,
    refused: checker.refused,
    unanswered: checker.unanswered,
    retries: sum(clients, ({ retries }) => retries),
    delivered: checker.delivered,
    filtered: sum(clients, ({ filtered }) => filtered),
    overlapping: checker.overlapping,
    loaded: checker.loaded,
    verdicts: checker.verdicts,
    losses: checker.losses,
    streams: seen.streams.all,
    replayed: seen.replayed,
    faults: seen.faults.all,
    recoveries: seen.recoveries,
    atTheEnd,
    longestSilence,
    failures: seen.failures,
  };
  const plain = { streams: Object.fromEntries(outcome.streams), faults: Object.fromEntries(outcome.faults) };
  history.end({ ...outcome, ...plain });
  return { outcome, historyPath: history.path };
}

/** Everybody talks until `end`, which resolves when everything that was said is answered. */
function beginToTalk(clients: readonly Client[], signal: AbortSignal): { readonly end: () => Promise<void> } {
  const enough = new AbortController();
  const tooLate = new AbortController();
  const talking = Promise.all(
    clients.map((client) =>
      client.talk(AbortSignal.any([enough.signal, signal]), AbortSignal.any([tooLate.signal, signal])),
    ),
  );
  // It is looked at in the end.
  talking.catch(() => undefined);
  const end = async (): Promise<void> => {
    enough.abort();
    const timer = setTimeout(() => tooLate.abort(new Error('Messages were left without an answer.')), lastAnswers);
    await talking.finally(() => clearTimeout(timer));
  };
  return { end };
}

/** All messages of all rooms, as the database has them. */
async function readStored(clients: readonly Client[]): Promise<ReadonlyMap<string, readonly Message[]>> {
  const stored = new Map<string, readonly Message[]>();
  for (const { rooms, pages } of clients) {
    for (const { id } of rooms) if (!stored.has(id)) stored.set(id, await pages.all(id));
  }
  return stored;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
