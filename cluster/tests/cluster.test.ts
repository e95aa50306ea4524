import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { Cluster, Problem, startPostgres, startRedis, waitFor, type Replica } from '../src/index.ts';
import { identify, processTree } from '../src/machine/process-table.ts';
import { killTree } from '../src/machine/signals.ts';
import { processState } from './ps.ts';
import { stubReplica } from './launched.ts';

const posixOnly = { skip: process.platform === 'win32' };

function answers(replica: Replica, timeoutMs = 10_000): Promise<boolean> {
  return fetch(replica.url, { signal: AbortSignal.timeout(timeoutMs) }).then(
    () => true,
    () => false,
  );
}

async function query(url: string, text: string): Promise<object[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<object>(text)).rows;
  } finally {
    await client.end();
  }
}

/** Sends one command to Redis and returns its answer, or undefined when there is none in time. */
function redis(port: number, command: string, timeoutMs = 10_000): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${command}\r\n`));
    socket.setTimeout(timeoutMs, () => socket.destroy());
    socket.once('data', (data) => {
      resolve(data.toString());
      socket.destroy();
    });
    socket.once('error', () => {});
    socket.once('close', () => resolve(undefined));
  });
}

suite('a replica', () => {
  test('can be killed, started again on its port, paused, resumed, restarted and added', posixOnly, async () => {
    await using cluster = await Cluster.start({ replicaCommand: stubReplica });
    assert.equal(cluster.adminPassword, 'stub-secret');
    const [first, second] = cluster.replicas as [Replica, Replica];
    assert.deepEqual([first.state, second.state], ['ready', 'ready']);
    assert.equal(first.url, `http://localhost:${first.port}`);
    assert.equal(first.name, `replica-${first.port}`);
    assert.ok(first.logs.includes(`listening as ${first.name}`));

    const pid = first.pid!;
    await first.kill();
    assert.equal(identify(pid), undefined);
    assert.deepEqual(
      [first.state, first.pid, await answers(first), await answers(second)],
      ['stopped', undefined, false, true],
    );

    await first.start();
    assert.notEqual(first.pid, pid);
    assert.deepEqual([first.state, await answers(first)], ['ready', true]);

    first.pause();
    assert.deepEqual([first.state, await answers(first, 500)], ['paused', false]);
    first.resume();
    assert.deepEqual([first.state, await answers(first)], ['ready', true]);

    const before = first.pid;
    await first.restart();
    assert.notEqual(first.pid, before);
    assert.equal(first.state, 'ready');

    const third = await cluster.addReplica();
    assert.equal(cluster.replicas.length, 3);
    assert.ok(await answers(third));

    third.pause();
    await third.stop();
    assert.equal(third.state, 'stopped', 'a paused replica can be stopped');
  });

  test('gets its settings, and those of the caller win', async () => {
    await using cluster = await Cluster.start({
      backplane: 'redis',
      replicaCommand: stubReplica,
      env: { BACKPLANE__STORE: 'InMemory', Accounts__AdminPassword: 'chosen' },
    });
    const [first, second] = cluster.replicas as [Replica, Replica];
    const environment = (await (await fetch(`${first.url}/environment`)).json()) as Record<string, string>;
    assert.equal(environment['Replica__Name'], first.name);
    assert.equal(environment['Replica__PublicUrl'], first.url);
    assert.equal(environment['ASPNETCORE_URLS'], first.url);
    assert.equal(environment['ConnectionStrings__Hubbub'], cluster.postgres!.connectionString);
    assert.equal(environment['ConnectionStrings__Redis'], cluster.redis!.connectionString);
    assert.equal(environment['Accounts__SeedAdmin'], 'true');
    assert.equal(environment['BACKPLANE__STORE'], 'InMemory');
    assert.equal('Backplane__Store' in environment, false);
    assert.ok(
      Object.entries(environment).some(([name, value]) => name.startsWith('Cors__Origins__') && value === second.url),
    );
    assert.equal(cluster.adminPassword, 'chosen');
  });

  test('starts the stores that its backplane needs, and no others', async () => {
    for (const [backplane, hasRedis] of [
      ['microsoft', true],
      ['none', false],
    ] as const) {
      await using cluster = await Cluster.start({ replicas: 1, backplane, replicaCommand: stubReplica });
      const { url } = cluster.replicas[0]!;
      const environment = (await (await fetch(`${url}/environment`)).json()) as Record<string, string>;
      assert.equal(environment['Backplane__Store'], backplane);
      assert.equal(environment['ConnectionStrings__Redis'], cluster.redis?.connectionString);
      assert.equal(cluster.redis !== undefined, hasRedis);
    }
  });

  test('does not start for Azure without its connection string, and hands that on', async () => {
    const options = { replicas: 1, backplane: 'azure', replicaCommand: stubReplica } as const;
    await assert.rejects(Cluster.start(options), /--backplane azure needs Azure__SignalR__ConnectionString/);
    const connection = 'Endpoint=http://localhost:1;AccessKey=x;Version=1.0;';
    await using cluster = await Cluster.start({ ...options, env: { AZURE__SIGNALR__CONNECTIONSTRING: connection } });
    const environment = (await (await fetch(`${cluster.replicas[0]!.url}/environment`)).json()) as Record<
      string,
      string
    >;
    assert.equal(environment['Backplane__Store'], 'azure');
    assert.equal(environment['AZURE__SIGNALR__CONNECTIONSTRING'], connection);
  });

  test('finds its stores where the caller says, so that its lines to them can be broken', async () => {
    await using cluster = await Cluster.start({
      backplane: 'redis',
      replicaCommand: stubReplica,
      storePort: ({ replica, store, port }) => (replica === 1 ? (store === 'redis' ? 1 : 2) : port),
    });
    const connections = await Promise.all(
      cluster.replicas.map(async ({ url }) => {
        const environment = (await (await fetch(`${url}/environment`)).json()) as Record<string, string>;
        return [environment['ConnectionStrings__Hubbub'], environment['ConnectionStrings__Redis']];
      }),
    );
    const { postgres, redis } = cluster;
    assert.deepEqual(connections, [
      [postgres!.connectionString, redis!.connectionString],
      [postgres!.connectionString.replace(`Port=${postgres!.port}`, 'Port=2'), '127.0.0.1:1'],
    ]);
  });

  test('that ends by itself is reported', async () => {
    const messages: string[] = [];
    await using cluster = await Cluster.start({
      replicas: 1,
      replicaCommand: stubReplica,
      onUnexpectedEnd: (message) => messages.push(message),
    });
    const [replica] = cluster.replicas;
    process.kill(replica!.pid!, 'SIGKILL');
    await waitFor(() => replica!.state === 'ended', { timeoutMs: 30_000, otherwise: 'The end went unnoticed.' });
    assert.match(messages[0]!, /^replica-\d+ has ended by itself/);
    await replica!.start();
    assert.equal(replica!.state, 'ready');
  });

  test('cannot be started twice', async () => {
    await using cluster = await Cluster.start({ replicas: 1, replicaCommand: stubReplica });
    await assert.rejects(cluster.replicas[0]!.start(), Problem);
  });
});

test(
  'PostgreSQL keeps what was committed when all its processes are killed, and freezes as a whole',
  posixOnly,
  async () => {
    const alone = await startPostgres();
    const { server } = alone;
    await query(server.url, 'CREATE TABLE kept AS SELECT 42 AS answer');

    // One that served somebody for a moment may be gone by now.
    const tree = processTree(server.pid!)
      .map(identify)
      .filter((member) => member !== undefined);
    assert.ok(tree.length > 3);
    await server.kill();
    assert.deepEqual(
      tree.filter((member) => identify(member.pid)?.started === member.started),
      [],
    );
    await assert.rejects(query(server.url, 'SELECT 1'));

    await server.start();
    assert.deepEqual(await query(server.url, 'SELECT answer FROM kept'), [{ answer: 42 }]);

    // A session that is open already has a process of its own, which has to stand still too.
    const session = new pg.Client({ connectionString: server.url });
    await session.connect();
    server.pause();
    const states = (): string[] => processTree(server.pid!).map(processState);
    assert.ok(states().length > 3);
    // A process that waits for its turn notices when it gets it.
    await waitFor(() => states().every((state) => state === 'T'), {
      timeoutMs: 60_000,
      otherwise: () => `Not all are frozen: ${states().join(' ')}`,
    });
    const pending = session.query('SELECT 1');
    server.resume();
    await pending;
    await session.end();

    server.pause();
    await alone.close();
    assert.equal(server.state, 'stopped');
  },
);

test('Redis keeps what it has synced when it is killed', posixOnly, async () => {
  await using alone = await startRedis();
  const { server } = alone;
  assert.equal(server.connectionString, `127.0.0.1:${server.port}`);
  assert.equal(await redis(server.port, 'SET kept 42'), '+OK\r\n');
  // Waits for the file to be synced, which happens once a second.
  assert.match((await redis(server.port, 'WAITAOF 1 0 5000')) ?? '', /ERR|\*2/);
  await server.kill();
  assert.equal(await redis(server.port, 'PING'), undefined);
  await server.start();
  assert.equal(await redis(server.port, 'GET kept'), '$2\r\n42\r\n');

  server.pause();
  assert.equal(await redis(server.port, 'PING', 500), undefined);
  server.resume();
  assert.equal(await redis(server.port, 'PING'), '+PONG\r\n');
});

test('Redis can be made to lose its data, but not while it runs', posixOnly, async () => {
  await using alone = await startRedis();
  const { server } = alone;
  assert.equal(await redis(server.port, 'SET kept 42'), '+OK\r\n');
  assert.throws(() => server.loseData(), /only while it does not run/);
  await server.kill();
  server.loseData();
  await server.start();
  assert.equal(await redis(server.port, 'GET kept'), '$-1\r\n');
});

test('a cluster without a folder leaves none behind', async () => {
  const alone = await startPostgres();
  const [row] = (await query(alone.server.url, 'SHOW data_directory')) as { data_directory: string }[];
  assert.ok(existsSync(row!.data_directory));
  await alone.close();
  assert.equal(existsSync(row!.data_directory), false);
});

test('a program that is killed with everything below it leaves no folder either', posixOnly, async () => {
  const program = spawn(process.execPath, [fileURLToPath(new URL('holds-postgres.ts', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed] = (await once(program.stdout, 'data')) as [Buffer];
  const folder = printed.toString().trim();
  assert.ok(existsSync(folder));
  await killTree(program.pid!);
  await waitFor(() => !existsSync(folder), { timeoutMs: 60_000, otherwise: `${folder} is left.` });
});

test('a number of replicas that makes no sense is refused', async () => {
  for (const replicas of [0, 17, 1.5, Number.NaN]) {
    await assert.rejects(Cluster.start({ replicas, replicaCommand: stubReplica }), Problem);
  }
});
