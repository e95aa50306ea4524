// Records the market on three replicas while its leader is killed or paused again and again. Fails when a tick is missing, comes twice, comes in another
// order, or is not the same on all replicas.
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Cluster, waitFor, type Backplane, type Replica } from '@hubbub/cluster';
import { Account } from '../fixtures/account.ts';
import { clusterOptions } from '../setup/cluster-options.ts';
import { MarketRecorder, type Tick } from './market-recorder.ts';
import { headline } from './report.ts';

/** Longer than the leader's lease, so that another one is elected meanwhile, in milliseconds. */
const pausedFor = 6_000;
const patience = 60_000;

const { values } = parseArgs({
  options: {
    backplane: { type: 'string', default: 'postgres' },
    minutes: { type: 'string', default: '2' },
    changes: { type: 'string', default: '10' },
  },
});
process.exitCode = (await measure(values.backplane as Backplane, Number(values.minutes), Number(values.changes)))
  ? 0
  : 1;

/** Prints what it finds; true when there is one sequence without a hole, the same everywhere. */
async function measure(backplane: Backplane, minutes: number, changes: number): Promise<boolean> {
  await using cluster = await Cluster.start({
    ...clusterOptions(),
    replicas: 3,
    backplane,
    onProgress: (line) => console.log(line),
  });
  const viewer = await Account.register('viewer', cluster.replicas[0]!);
  const recorders = await Promise.all(cluster.replicas.map((replica) => MarketRecorder.start(viewer, replica)));
  console.log(
    `\n${headline(backplane).replace('2 replicas', '3 replicas')}: the market for ${minutes} min, ${changes} leaders taken away\n`,
  );

  const ends = performance.now() + minutes * 60_000;
  const waits: number[] = [];
  for (let i = 0; i < changes; i++) {
    await delay(Math.max(1_000, (ends - performance.now()) / (changes - i + 1)));
    // A token ends sooner than a recording may.
    await viewer.signInAgain();
    waits.push(await takeLeaderAway(cluster, viewer, recorders, i % 2 === 0));
  }
  await delay(Math.max(1_000, ends - performance.now()));
  await Promise.all(recorders.map((recorder) => recorder.stop()));
  await viewer.signInAgain();

  const first = Math.max(...recorders.map((recorder) => recorder.first));
  const last = Math.min(...recorders.map((recorder) => recorder.last));
  const stored = await Promise.all(cluster.replicas.map((replica) => readTicks(viewer, replica, first, last)));
  return report(recorders, stored, first, last, waits);
}

/** Kills the leader or stops it in its tracks, and brings it back; how long no tick came meanwhile, in milliseconds. */
async function takeLeaderAway(
  cluster: Cluster,
  viewer: Account,
  recorders: readonly MarketRecorder[],
  kill: boolean,
): Promise<number> {
  const leader = await findLeader(cluster, viewer);
  const before = Math.max(...recorders.map((recorder) => recorder.last));
  const since = performance.now();
  if (kill) await leader.kill();
  else leader.pause();
  // A few that were committed already may still arrive.
  await waitFor(() => recorders.some((recorder) => recorder.last > before + 4), {
    timeoutMs: patience,
    otherwise: 'No other replica went on with the market.',
  });
  const took = performance.now() - since;
  if (kill) await leader.start();
  else {
    await delay(Math.max(0, pausedFor - took));
    leader.resume();
  }
  await waitFor(() => recorders.every((recorder) => recorder.isLive), {
    timeoutMs: patience,
    otherwise: 'A recorder did not come back to its replica.',
  });
  console.log(`${kill ? 'killed' : 'paused'} ${leader.name}: the market went on after ${(took / 1000).toFixed(2)} s`);
  return took;
}

async function findLeader(cluster: Cluster, viewer: Account): Promise<Replica> {
  for (const start = performance.now(); performance.now() - start < patience; await delay(100)) {
    const response = await viewer.request('GET', '/api/stocks', undefined, cluster.replicas[0]).catch(() => null);
    const { leader } = ((await response?.json()) ?? {}) as { leader?: { replica: string } | null };
    const found = cluster.replicas.find((replica) => replica.name === leader?.replica);
    if (found) return found;
  }
  throw new Error('Nobody leads the market.');
}

async function readTicks(viewer: Account, replica: Replica, first: number, last: number): Promise<readonly Tick[]> {
  const all: Tick[] = [];
  for (let after = first - 1; after < last;) {
    const response = await viewer.request('GET', `/api/stocks/ticks?after=${after}&limit=1000`, undefined, replica);
    const { ticks } = (await response.json()) as { ticks: readonly Tick[] };
    if (ticks.length === 0) break;
    all.push(...ticks.filter((tick) => tick.sequence <= last));
    after = ticks.at(-1)!.sequence;
  }
  return all;
}

function report(
  recorders: readonly MarketRecorder[],
  stored: readonly (readonly Tick[])[],
  first: number,
  last: number,
  waits: readonly number[],
): boolean {
  const delivered = new Map<number, Set<string>>();
  for (const recorder of recorders) {
    for (const [sequence, prices] of recorder.ticks) {
      delivered.set(sequence, (delivered.get(sequence) ?? new Set()).add(prices));
    }
  }
  const expected = last - first + 1;
  const numbers = Array.from({ length: expected }, (_, i) => first + i);
  const missing = numbers.filter((sequence) => !delivered.has(sequence)).length;
  const different = numbers.filter((sequence) => (delivered.get(sequence)?.size ?? 1) > 1).length;
  const disorders = recorders.reduce((sum, recorder) => sum + recorder.disorders, 0);
  const holes = stored.filter(
    (ticks) => ticks.length !== expected || ticks.some((tick, i) => tick.sequence !== first + i),
  ).length;
  const texts = new Set(stored.map((ticks) => JSON.stringify(ticks)));
  const leaders = new Set(stored[0]!.map((tick) => tick.term)).size;
  console.log(
    `\nticks ${first} to ${last}: ${expected}, by ${leaders} leaders one after the other; the longest pause ${(Math.max(...waits) / 1000).toFixed(2)} s`,
  );
  console.log(
    `delivered by the hubs: missing ${missing}, different between replicas ${different}, repeated or out of order on a connection ${disorders}`,
  );
  console.log(
    `kept: with a hole on ${holes} of ${stored.length} replicas, ${texts.size === 1 ? 'the same on all' : 'not the same on all'}`,
  );
  return (
    missing === 0 && different === 0 && disorders === 0 && holes === 0 && texts.size === 1 && leaders > waits.length
  );
}
