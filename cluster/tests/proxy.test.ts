import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { startProxy, waitFor, type Proxy } from '../src/index.ts';

/** A server that sends back what it gets, and a proxy in front of it. */
async function echoBehindProxy(): Promise<{ proxy: Proxy; connectClient: () => Promise<Socket> } & AsyncDisposable> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const proxy = await startProxy({ targetPort: portOf(server) });
  const clients: Socket[] = [];
  return {
    proxy,
    connectClient: async () => {
      const client = connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true });
      clients.push(client);
      client.on('error', () => {});
      await once(client, 'connect');
      return client;
    },
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) client.destroy();
      await proxy.close();
      server.close();
    },
  };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Settles when the socket is gone, with or without an error. */
function closing(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

async function echo(client: Socket, message: string): Promise<string> {
  client.write(message);
  const [data] = (await once(client, 'data')) as [Buffer];
  return data.toString();
}

test('what is sent arrives whole and in order, and so does the end', async () => {
  await using fixture = await echoBehindProxy();
  const client = await fixture.connectClient();
  const sent = Array.from({ length: 200_000 }, (_, i) => `line ${i}\n`).join('');
  const received = text(client);
  client.end(sent);
  assert.equal(await received, sent);
});

test('a cut breaks what is connected and refuses what is new, until it is healed', async () => {
  await using fixture = await echoBehindProxy();
  const client = await fixture.connectClient();
  assert.equal(await echo(client, 'before'), 'before');

  const closed = closing(client);
  fixture.proxy.cut();
  await closed;
  await waitFor(() => fixture.proxy.connections === 0, { timeoutMs: 30_000, otherwise: 'A connection is left.' });

  const refused = connect(fixture.proxy.port, '127.0.0.1');
  const [error] = (await once(refused, 'error')) as [NodeJS.ErrnoException];
  assert.equal(error.code, 'ECONNRESET');

  fixture.proxy.heal();
  assert.equal(await echo(await fixture.connectClient(), 'after'), 'after');
});

test('a stall holds everything back, also for new connections, and loses nothing', async () => {
  await using fixture = await echoBehindProxy();
  const old = await fixture.connectClient();
  assert.equal(await echo(old, 'before'), 'before');

  fixture.proxy.stall();
  const fresh = await fixture.connectClient();
  const answers = [echo(old, 'old'), echo(fresh, 'fresh')];
  let arrived = 0;
  for (const answer of answers) void answer.then(() => arrived++);
  // A healthy proxy beside it answers many times meanwhile, so the stalled one has had its chance.
  await using healthy = await echoBehindProxy();
  const other = await healthy.connectClient();
  for (let i = 0; i < 50; i++) await echo(other, 'x');
  await nextTurn();
  assert.equal(arrived, 0);

  fixture.proxy.heal();
  assert.deepEqual(await Promise.all(answers), ['old', 'fresh']);
});

test('latency delays each direction', async () => {
  await using fixture = await echoBehindProxy();
  const client = await fixture.connectClient();
  client.setNoDelay(true);
  assert.equal(await echo(client, 'warm'), 'warm');

  fixture.proxy.latency(100);
  const started = performance.now();
  assert.equal(await echo(client, 'late'), 'late');
  assert.ok(performance.now() - started >= 195, 'there and back takes twice the latency');

  fixture.proxy.heal();
  assert.equal(await echo(client, 'again'), 'again');
});

test('a target that refuses breaks the connection of the client', async () => {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const port = portOf(server);
  server.close();
  await using proxy = await startProxy({ targetPort: port });
  const client = connect(proxy.port, '127.0.0.1');
  client.on('error', () => {});
  await closing(client);
});

test('closing ends connections that a stall holds', async () => {
  await using fixture = await echoBehindProxy();
  const client = await fixture.connectClient();
  fixture.proxy.stall();
  client.write('never arrives');
  const closed = closing(client);
  await fixture.proxy.close();
  await closed;
});
