import { join } from 'node:path';
import { quietBuild } from '../build/backend.ts';
import { findDotnet } from '../build/dotnet.ts';
import { pinnedNode, repositoryRoot } from '../repository.ts';
import { Postgres } from '../stores/postgres.ts';
import { Redis } from '../stores/redis.ts';
import { readDotnetTally, readNodeTally, readVitestTally } from './read-tally.ts';
import { npm, runTool } from './run-tool.ts';
import type { Stage, StageContext } from './stage.ts';
import { judge } from './tally.ts';

/** The tests that need no browser. */
export const unit: Stage = (context) => [
  { name: 'cluster', run: () => testWithNode(context, 'cluster', 'tests') },
  { name: 'frontend', run: () => testFrontend(context) },
  { name: 'chaos', run: () => testWithNode(context, 'e2e', 'chaos') },
  { name: 'backend', run: () => testBackend(context) },
];

async function testWithNode(context: StageContext, workspace: string, folder: string) {
  const cwd = join(repositoryRoot, workspace);
  const args = ['--test', '--test-reporter=spec', `${folder}/**/*.test.ts`];
  const { code, lines } = await runTool(context, { name: 'node --test', command: pinnedNode(), args, cwd });
  return judge(readNodeTally(lines), code);
}

async function testFrontend(context: StageContext) {
  const call = npm('run', '--loglevel=error', 'test', '--', '--watch=false');
  const { code, lines } = await runTool(context, { name: 'ng test', ...call, cwd: join(repositoryRoot, 'frontend') });
  return judge(readVitestTally(lines), code);
}

/** Against a PostgreSQL and a Redis of their own, which hold nothing worth keeping. */
async function testBackend(context: StageContext) {
  const { scratch, signal, terminal } = context;
  const onProgress = (line: string): void => terminal.step(line);
  // Every test class makes a database of its own, which takes much longer when each is synced to the disk.
  const postgres = await Postgres.startIn(scratch, { signal, settings: { fsync: 'off', full_page_writes: 'off' } });
  try {
    const redis = await Redis.startIn(scratch, { signal, onProgress, settings: { appendonly: 'no' } });
    try {
      return await runTests(context, postgres, redis);
    } finally {
      await redis.stop();
    }
  } finally {
    await postgres.stop();
  }
}

async function runTests(context: StageContext, postgres: Postgres, redis: Redis) {
  // One project at a time: each may use all of a small machine.
  const args = ['test', 'Hubbub.slnx', '--configuration', 'Release', '-maxcpucount:1', ...quietBuild];
  const { code, lines } = await runTool(context, {
    name: 'dotnet test',
    command: findDotnet(),
    args,
    cwd: join(repositoryRoot, 'backend'),
    env: {
      HUBBUB_TEST_POSTGRES: postgres.connectionString,
      HUBBUB_TEST_REDIS: redis.connectionString,
      HUBBUB_TEST_REQUIRE_STORES: '1',
    },
  });
  return judge(readDotnetTally(lines), code);
}
