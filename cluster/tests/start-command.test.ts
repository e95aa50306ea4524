import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { readRunFile } from '../src/data/run-file.ts';
import { findFreePorts } from '../src/machine/ports.ts';
import { isAlive } from '../src/machine/process-table.ts';
import { waitFor } from '../src/machine/wait-for.ts';
import { readCommandLine } from './ps.ts';
import { findGuards, Launched, temporaryDirectory } from './launched.ts';

async function basePort(): Promise<string> {
  const [port] = await findFreePorts(1);
  return String(port);
}

suite('starting and stopping', () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    test(`${signal} stops everything and leaves no process behind`, async () => {
      using directory = temporaryDirectory();
      const port = await basePort();
      await using launched = new Launched(
        ['--base-port', port, '--backplane', 'redis'],
        {},
        join(directory.path, 'data'),
      );

      const ready = await launched.line(/^ready /);
      assert.equal(ready, `ready http://localhost:${port} http://localhost:${Number(port) + 1}`);
      assert.ok(launched.lines.includes('admin password: stub-secret'), 'the password stands alone on its line');
      assert.ok(launched.lines.includes(`replica-${port} | listening as replica-${port}`));
      // Launcher, guard, two replicas, Redis, and PostgreSQL with its children.
      assert.ok(launched.processes().length >= 8);

      launched.signal(signal);
      assert.equal(await launched.exit(), 0);
      await launched.nothingLeft();
      assert.equal(existsSync(join(directory.path, 'data', 'run.json')), false);
    });
  }

  test('a signal in the middle of a start ends what has been started', async () => {
    using directory = temporaryDirectory();
    await using launched = new Launched(['--base-port', await basePort()], {}, join(directory.path, 'data'));
    await launched.line(/starting PostgreSQL/);
    launched.processes();
    launched.signal('SIGTERM');
    assert.equal(await launched.exit(), 0);
    await launched.nothingLeft();
    assert.equal(
      launched.lines.some((line) => line.startsWith('ready')),
      false,
    );
  });

  test('a second Ctrl-C does not wait for a replica that does not end', async () => {
    using directory = temporaryDirectory();
    await using launched = new Launched(
      ['--base-port', await basePort()],
      { STUB_IGNORES_TERM: '1' },
      join(directory.path, 'data'),
    );
    await launched.line(/^ready /);
    launched.processes();
    launched.signal('SIGINT');
    await launched.line(/stopping/);
    launched.signal('SIGINT');
    assert.equal(await launched.exit(), 130);
    await launched.nothingLeft();
  });

  test('after kill -9 of the launcher its guard ends everything', async () => {
    using directory = temporaryDirectory();
    await using launched = new Launched(['--base-port', await basePort()], {}, join(directory.path, 'data'));
    await launched.line(/^ready /);
    assert.ok(launched.processes().length >= 7);
    launched.signal('SIGKILL');
    await launched.nothingLeft();
  });

  test('after kill -9 of the launcher and its guard the next start ends what is left', async () => {
    using directory = temporaryDirectory();
    const data = join(directory.path, 'data');
    const port = await basePort();
    await using killed = new Launched(['--base-port', port], {}, data);
    await killed.line(/^ready /);
    const recorded = readRunFile(join(data, 'run.json'))!.processes;
    const guards = findGuards(data);
    assert.equal(guards.length, 1);
    process.kill(guards[0]!, 'SIGKILL');
    killed.signal('SIGKILL');
    await killed.exit();
    assert.equal(recorded.filter(isAlive).length, 3, 'two replicas and PostgreSQL have lost their launcher');

    await using next = new Launched(['--base-port', port], {}, data);
    await next.line(/ending what an earlier start has left running: PostgreSQL, replica-/);
    await next.line(/^ready /);
    await killed.nothingLeft();
  });

  test('a second start on the same data says who has it', async () => {
    using directory = temporaryDirectory();
    const data = join(directory.path, 'data');
    await using first = new Launched(['--base-port', await basePort()], {}, data);
    await first.line(/^ready /);
    await using second = new Launched(['--base-port', await basePort()], {}, data);
    assert.equal(await second.exit(), 1);
    assert.deepEqual(second.lines, [
      `error: Hubbub already runs on ${data} (process ${first.child.pid}). Stop it first, or choose another folder with --data.`,
    ]);
    assert.ok(first.processes().length >= 7, 'the first one goes on');
  });

  test('a replica that dies is reported and the others go on, until none is left', async () => {
    using directory = temporaryDirectory();
    const data = join(directory.path, 'data');
    await using launched = new Launched(['--base-port', await basePort()], {}, data);
    await launched.line(/^ready /);
    launched.processes();
    const [first, second] = readRunFile(join(data, 'run.json'))!.processes.filter(({ role }) => role === 'replica');
    process.kill(first!.pid, 'SIGKILL');
    await launched.line(new RegExp(`^warning: ${first!.name} has ended by itself \\(SIGKILL\\)`));
    assert.ok(isAlive(second!));
    process.kill(second!.pid, 'SIGKILL');
    assert.equal(await launched.exit(), 1);
    await launched.line(/No replica is left/);
    await launched.nothingLeft();
  });

  test('data lasts from one start to the next, and --fresh deletes only what is ours', async () => {
    using directory = temporaryDirectory();
    const data = join(directory.path, 'data');
    mkdirSync(data);
    writeFileSync(join(data, 'notes.txt'), 'not ours');
    for (const [args, isNew] of [
      [[], true],
      [[], false],
      [['--fresh'], true],
    ] as const) {
      await using launched = new Launched(['--base-port', await basePort(), ...args], {}, data);
      await launched.line(/^ready /);
      assert.equal(
        launched.lines.some((line) => line.endsWith('with a new database')),
        isNew,
      );
      launched.signal('SIGINT');
      assert.equal(await launched.exit(), 0);
    }
    assert.ok(existsSync(join(data, 'notes.txt')));
  });
});

suite('what goes wrong is one clear line', () => {
  async function failure(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string[]> {
    using directory = temporaryDirectory();
    const data = join(directory.path, 'data');
    await using launched = new Launched(args, env, data);
    assert.equal(await launched.exit(), 1, launched.lines.join('\n'));
    await launched.nothingLeft();
    assert.equal(existsSync(join(data, 'run.json')), false);
    return launched.lines;
  }

  test('an unknown option', async () => {
    assert.deepEqual(await failure(['--replcas', '2']), ["error: Unknown option '--replcas'. See ./start.sh --help."]);
  });

  test('a port in use, and by whom', { skip: process.platform === 'win32' }, async () => {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as { port: number };
    const lines = await failure(['--base-port', String(port)]);
    server.close();
    assert.equal(lines.length, 1);
    assert.match(
      lines[0]!,
      new RegExp(
        `^error: Port ${port} is in use by .+ \\(process ${process.pid}\\)\\. End it`.replace(
          'End it',
          'End what uses it',
        ),
      ),
    );
  });

  test('no .NET SDK', async () => {
    using empty = temporaryDirectory();
    const lines = await failure(['--base-port', await basePort()], {
      HUBBUB_REPLICA_COMMAND: '',
      PATH: empty.path,
      HOME: empty.path,
      DOTNET_ROOT: '',
    });
    assert.deepEqual(lines, [
      'error: The .NET SDK was not found. Install the .NET SDK 10 from https://dotnet.microsoft.com/download/dotnet/10.0 and start again.',
    ]);
  });

  /** A folder with a `dotnet` that is this shell script. */
  function fakeDotnet(directory: string, script: string): string {
    const path = join(directory, 'dotnet');
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return `${directory}:${process.env['PATH']}`;
  }

  test('an SDK that is too old', { skip: process.platform === 'win32' }, async () => {
    using tools = temporaryDirectory();
    const lines = await failure(['--base-port', await basePort()], {
      HUBBUB_REPLICA_COMMAND: '',
      PATH: fakeDotnet(tools.path, 'echo 8.0.100'),
    });
    assert.deepEqual(lines.length, 1);
    assert.match(lines[0]!, /^error: No \.NET SDK 10 is among the installed ones\. Install/);
  });

  test('a failed build, below the end of its output', { skip: process.platform === 'win32' }, async () => {
    using tools = temporaryDirectory();
    const lines = await failure(['--base-port', await basePort()], {
      HUBBUB_REPLICA_COMMAND: '',
      // A version that nobody has, so that no earlier build of the same sources is found.
      PATH: fakeDotnet(
        tools.path,
        `[ "$1" = --version ] && echo 10.0.100-${process.pid} || { echo "Broken.cs(1,1): error CS0000"; exit 1; }`,
      ),
    });
    assert.deepEqual(lines.slice(-2), [
      '    Broken.cs(1,1): error CS0000',
      'error: The server does not build; see above.',
    ]);
    const leftovers = readdirSync(new URL('../../backend/dist', import.meta.url)).filter((name) =>
      name.startsWith('.draft'),
    );
    assert.deepEqual(leftovers, []);
  });

  test('kill -9 in the middle of a build ends the compilers too', { skip: process.platform === 'win32' }, async () => {
    using tools = temporaryDirectory();
    using directory = temporaryDirectory();
    const script = `[ "$1" = --version ] && echo 10.0.100-${process.pid} || { trap 'exit 1' TERM; sleep 600 & echo compiling; wait; }`;
    const env = { HUBBUB_REPLICA_COMMAND: '', PATH: fakeDotnet(tools.path, script) };
    await using launched = new Launched(['--base-port', await basePort()], env, join(directory.path, 'data'));
    const compiler = (): boolean =>
      launched.processes().some(({ pid }) => readCommandLine(pid).startsWith('sleep 600'));
    await waitFor(compiler, { timeoutMs: 30_000, otherwise: 'The build did not start.' });
    launched.signal('SIGKILL');
    await launched.nothingLeft();
  });

  test('a replica that ends during its start, below the end of its log', async () => {
    const port = await basePort();
    const lines = await failure(['--base-port', port, '--replicas', '1'], { STUB_FAILS: '1' });
    assert.deepEqual(lines.slice(-2), [
      '    the stub was told to fail',
      `error: replica-${port} has ended during its start (exit code 3).`,
    ]);
  });

  test('a database that cannot be reached', async () => {
    const [port] = await findFreePorts(1);
    const lines = await failure(['--base-port', await basePort()], {
      ConnectionStrings__Hubbub: `Host=127.0.0.1;Port=${port};Username=x`,
    });
    assert.equal(
      lines.at(-1),
      `error: The server 127.0.0.1:${port} in CONNECTIONSTRINGS__HUBBUB cannot be reached (ECONNREFUSED).`,
    );
  });

  test('no redis-server and no way to install one', { skip: process.platform === 'win32' }, async () => {
    using tools = temporaryDirectory();
    symlinkSync('/bin/sh', join(tools.path, 'sh'));
    const lines = await failure(['--base-port', await basePort(), '--backplane', 'redis'], { PATH: tools.path });
    assert.match(lines.at(-1)!, /^error: redis-server was not found\. Install Redis 7/);
  });

  test('data of another PostgreSQL version', async () => {
    using directory = temporaryDirectory();
    const data = join(directory.path, 'data');
    mkdirSync(join(data, 'postgres', 'data'), { recursive: true });
    writeFileSync(join(data, 'postgres', 'data', 'PG_VERSION'), '15\n');
    writeFileSync(join(data, 'postgres.password'), 'secret');
    await using launched = new Launched(['--base-port', await basePort()], {}, data);
    assert.equal(await launched.exit(), 1);
    assert.match(launched.lines.at(-1)!, /was made by PostgreSQL 15, this is 18\. Start with --fresh/);
  });
});
