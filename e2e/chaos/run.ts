import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Cluster, waitFor, type Backplane } from '@hubbub/cluster';
import type { Message } from '../fixtures/wire.ts';
import { Cables } from './cables.ts';
import { Checker } from './checker.ts';
import { Client } from './client.ts';
import { converge } from './convergence.ts';
import { Count } from './count.ts';
import { History } from './history.ts';
import { unleash } from './nemesis.ts';
import { Pace } from './pace.ts';
import { gather } from './people.ts';
import { makePlan } from './plan.ts';
import type { Outcome } from './report.ts';
import { ReplicaLogs } from './replica-logs.ts';
import { replicaCount, suffering } from './settings.ts';

/** Messages a second that all clients together try to say: what two cores carry besides three replicas that come and go. */
const perSecond = 350;

/** How long what is unanswered at the end may take, in milliseconds. */
const lastAnswers = 60_000;

/** Offences beyond this many are counted, but not written down. */
const mostWritten = 200;

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
  using history = new History(join(folder, `${backplane}-${seed}.jsonl`));
  history.write('begin', { backplane, seed, minutes, replicas: replicaCount, cores: availableParallelism() });
  const failures: string[] = [];
  const fail = (error: unknown): void => {
    if (signal.aborted) return;
    const sentence = error instanceof Error ? error.message : String(error);
    failures.push(sentence);
    history.write('failed', { sentence });
    onProgress(`failed: ${sentence}`);
  };

  using logs = new ReplicaLogs(folder, `${backplane}-${seed}`);
  await using cluster = await Cluster.start({
    ...suffering(backplane),
    onProgress,
    onLog: (replica, line) => logs.write(replica, line),
    onUnexpectedEnd: fail,
    signal,
  });
  const ports = cluster.replicas.map(({ port }) => port);
  await using west = await Cables.lay('western cable', ports);
  await using east = await Cables.lay('eastern cable', ports);
  const cables = [west, east];
  const people = await gather(cluster.replicas, cables);

  let offences = 0;
  const checker = new Checker(
    people.map(({ name, rooms }) => ({ client: name, rooms: rooms.map(({ id }) => id) })),
    (offence) => {
      if (offences++ < mostWritten) history.write(offence.kind, { ...offence });
      if (offences === 1) onProgress(`${offence.kind}: ${offence.clientMessageId ?? ''} ${offence.detail}`);
    },
  );
  const pace = new Pace(perSecond);
  const streams = new Count();
  let replayed = 0;
  const clients = people.map(
    (person) =>
      new Client({
        ...person,
        checker,
        pace,
        onStream: (client, { resumed, replayed: count, reason }) => {
          streams.add(reason ?? 'resumed');
          if (resumed) replayed += count;
          history.write('stream', { client, reason: reason ?? 'resumed', replayed: count });
        },
        onLink: (client, what, url) => history.write(what, { client, url }),
      }),
  );
  const faults = new Count();
  const recoveries: number[] = [];
  let atTheEnd: number | undefined;
  let lasted = 0;
  const over = new AbortController();
  try {
    for (const client of clients) client.start();
    const enough = new AbortController();
    const abandoned = AbortSignal.any([signal, over.signal]);
    const started = performance.now();
    const talking = Promise.all(
      clients.map((client) => client.talk(AbortSignal.any([enough.signal, signal]), abandoned)),
    );
    talking.catch(() => undefined);
    await waitFor(() => checker.accepted >= 10 * clients.length, {
      timeoutMs: 60_000,
      otherwise: 'The flow of messages did not begin.',
      signal,
    });
    await converge(clients, checker, signal);
    onProgress(`${clients.length} clients talk in ${new Set(people.flatMap(({ rooms }) => rooms)).size} rooms`);

    await unleash({
      steps: makePlan({ seed, backplane, replicas: replicaCount, cableGroups: cables.length }),
      targets: { cluster, cables },
      lastsMs: minutes * 60_000,
      recover: () => converge(clients, checker, signal),
      onFault: ({ kind, target, began, ended }) => {
        faults.add(kind);
        history.write('fault', {
          kind,
          target,
          began: began / 1_000,
          ended: ended / 1_000,
          accepted: checker.accepted,
        });
        onProgress(`${kind}: ${target}, for ${((ended - began) / 1_000).toFixed(1)} s; accepted ${checker.accepted}`);
      },
      onRecovery: (ms) => {
        recoveries.push(ms);
        history.write('recovered', { took: ms / 1_000, accepted: checker.accepted });
      },
      signal,
    }).catch(fail);

    enough.abort();
    lasted = performance.now() - started;
    const late = setTimeout(() => over.abort(), lastAnswers);
    await talking.catch(fail);
    clearTimeout(late);
    signal.throwIfAborted();
    atTheEnd = await converge(clients, checker, signal);
    // Whatever came too often or too late is on its way before this; when it is there, nothing else is to come.
    await Promise.all(
      clients.map((client) => client.sayOnce(AbortSignal.any([signal, AbortSignal.timeout(lastAnswers)]))),
    );
    await converge(clients, checker, signal);
  } catch (error) {
    fail(error);
  }
  signal.throwIfAborted();
  await readStored(clients).then((stored) => checker.finish(stored), fail);
  await Promise.all(clients.map((client) => client.stop()));

  const outcome: Outcome = {
    backplane,
    seed,
    lasted,
    replicas: replicaCount,
    clients: clients.length,
    resuming: people.filter(({ resumes }) => resumes).length,
    rooms: new Set(people.flatMap(({ rooms }) => rooms)).size,
    accepted: checker.accepted,
    refused: checker.refused,
    unanswered: checker.unanswered,
    retries: clients.reduce((sum, client) => sum + client.retries, 0),
    delivered: checker.delivered,
    filtered: clients.reduce((sum, client) => sum + client.filtered, 0),
    overlapping: checker.overlapping,
    loaded: checker.loaded,
    verdicts: checker.verdicts,
    streams: streams.all,
    replayed,
    faults: faults.all,
    recoveries,
    atTheEnd,
    failures,
  };
  history.end({ ...outcome, streams: Object.fromEntries(streams.all), faults: Object.fromEntries(faults.all) });
  return { outcome, historyPath: history.path };
}

/** All messages of all rooms, as the database has them. */
async function readStored(clients: readonly Client[]): Promise<ReadonlyMap<string, readonly Message[]>> {
  const stored = new Map<string, readonly Message[]>();
  for (const { rooms, pages } of clients) {
    for (const { id } of rooms) {
      if (!stored.has(id)) stored.set(id, await pages.all(id));
    }
  }
  return stored;
}
