import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { RunFile } from '../src/data/run-file.ts';
import { readSetting, withSettings } from '../src/machine/environment.ts';
import { eachLine } from '../src/machine/lines.ts';
import { LogTail } from '../src/machine/log-tail.ts';
import { findFreePorts, isPortFree, requireFreePorts } from '../src/machine/ports.ts';
import { identify, isAlive, processTree } from '../src/machine/process-table.ts';
import { killTree } from '../src/machine/signals.ts';
import { waitFor } from '../src/machine/wait-for.ts';
import { Problem } from '../src/problem.ts';
import { externalPostgres, externalRedis } from '../src/stores/external-stores.ts';
import { temporaryDirectory } from './launched.ts';

test('a setting is found in any letter case, and an empty one is none', () => {
  assert.equal(readSetting({ connectionstrings__HUBBUB: 'x' }, 'CONNECTIONSTRINGS__HUBBUB'), 'x');
  assert.equal(readSetting({ CONNECTIONSTRINGS__HUBBUB: '' }, 'CONNECTIONSTRINGS__HUBBUB'), undefined);
  assert.deepEqual(withSettings({ Foo__Bar: '1', Other: '2' }, { FOO__BAR: '3' }), { FOO__BAR: '3', Other: '2' });
});

test('lines are put together from pieces, and a line without an end is cut', async () => {
  const stream = new PassThrough();
  const lines: string[] = [];
  eachLine(stream, (line) => lines.push(line));
  stream.write('one\r\ntw');
  stream.write(Buffer.from('o é\n').subarray(0, 3));
  stream.write(Buffer.from('o é\n').subarray(3));
  stream.end('x'.repeat(20_000));
  await once(stream, 'end');
  assert.deepEqual(lines.slice(0, 2), ['one', 'two é']);
  assert.deepEqual(
    lines.slice(2).map((line) => line.length),
    [8192, 8192, 20_000 - 2 * 8192],
  );
});

test('a log keeps its last lines only', () => {
  const log = new LogTail(10);
  for (let i = 1; i <= 1005; i++) log.add(`line ${i}`);
  assert.equal(log.lines.length, 10);
  assert.deepEqual(log.last(2), ['line 1004', 'line 1005']);
});

test('free ports are free, and one in use on either loopback address is not', async () => {
  const ports = await findFreePorts(5);
  assert.equal(new Set(ports).size, 5);
  for (const host of ['127.0.0.1', '::1']) {
    const server = createServer();
    server.listen(0, host);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    assert.equal(await isPortFree(port), false, host);
    await assert.rejects(requireFreePorts([port], 'Do something.'), /Port \d+ is in use.*Do something\./);
    server.close();
  }
});

test('a process is told from a later one with its number, and is ended with all below it', async () => {
  const parent = spawn(process.execPath, [
    '-e',
    `require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']); setInterval(() => {}, 1000)`,
  ]);
  const tree = await waitFor(
    () => {
      const found = processTree(parent.pid!);
      return found.length === 2 && found;
    },
    { timeoutMs: 30_000, otherwise: 'The child did not start.' },
  );
  const identities = tree.map((pid) => identify(pid)!);
  assert.ok(identities.every(isAlive));
  assert.equal(isAlive({ ...identities[0]!, started: 'another time' }), false);
  await killTree(parent.pid!);
  assert.equal(identities.some(isAlive), false);
  assert.deepEqual(processTree(parent.pid!), []);
});

test('a folder whose launcher is gone is taken over, whatever its run file looks like', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'run.json');
  for (const content of [
    '',
    '{"launcher":',
    JSON.stringify({ launcher: { pid: 1, started: 'long ago' }, processes: [] }),
  ]) {
    writeFileSync(path, content);
    const taken = await RunFile.claim(path, () => assert.fail('nothing was left running'));
    await assert.rejects(
      RunFile.claim(path, () => {}),
      Problem,
    );
    taken.release();
  }
});

test('a number in the run file that belongs to another process by now is left alone', async () => {
  using directory = temporaryDirectory();
  const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  try {
    const path = join(directory.path, 'run.json');
    const record = {
      pid: bystander.pid!,
      started: 'before',
      name: 'PostgreSQL',
      role: 'postgres',
      stopSignal: 'SIGINT',
    };
    writeFileSync(path, JSON.stringify({ launcher: { pid: 1, started: 'long ago' }, processes: [record] }));
    const taken = await RunFile.claim(path, () => assert.fail('it is not ours'));
    taken.release();
    assert.ok(identify(bystander.pid!));
  } finally {
    bystander.kill('SIGKILL');
  }
});

test('servers given in the environment are checked before anything starts', async () => {
  const server = createServer((socket) => socket.end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const connectionString = `HOST=127.0.0.1;port=${port};Database=x`;
  assert.deepEqual(await externalPostgres({ connectionStrings__hubbub: connectionString }, false), {
    connectionString,
    address: `127.0.0.1:${port}`,
  });
  assert.equal(
    (await externalRedis({ CONNECTIONSTRINGS__REDIS: `127.0.0.1:${port},password=a:b` }))?.address,
    `127.0.0.1:${port}`,
  );
  assert.equal(await externalPostgres({}, true), undefined);
  assert.equal(await externalRedis({}), undefined);
  server.close();

  await assert.rejects(
    externalPostgres({ CONNECTIONSTRINGS__HUBBUB: connectionString }, true),
    /--fresh deletes only data/,
  );
  await assert.rejects(externalPostgres({ CONNECTIONSTRINGS__HUBBUB: 'Database=x' }, false), /has no Host/);
  await assert.rejects(externalPostgres({ CONNECTIONSTRINGS__HUBBUB: 'Host=x;Port=abc' }, false), /that is no port/);
});
