import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseStartOptions } from '../src/cli/start-options.ts';
import { Problem } from '../src/problem.ts';

test('without arguments there are two replicas on PostgreSQL from port 5001', () => {
  assert.deepEqual(parseStartOptions([]), {
    replicas: 2,
    backplane: 'postgres',
    basePort: 5001,
    data: undefined,
    fresh: false,
    build: true,
    help: false,
  });
});

test('every option is read, with a space or an equals sign', () => {
  const args = [
    '--replicas',
    '3',
    '--backplane=redis',
    '--base-port',
    '6001',
    '--data',
    'a folder',
    '--fresh',
    '--no-build',
  ];
  assert.deepEqual(parseStartOptions(args), {
    replicas: 3,
    backplane: 'redis',
    basePort: 6001,
    data: 'a folder',
    fresh: true,
    build: false,
    help: false,
  });
});

test('every backplane can be chosen, in any letter case', () => {
  for (const name of ['postgres', 'redis', 'microsoft', 'azure', 'none'])
    assert.equal(parseStartOptions(['--backplane', name.toUpperCase()]).backplane, name);
});

for (const [args, message] of [
  [['--replica', '3'], /Unknown option '--replica'\. See/],
  [['5001'], /Unexpected argument '5001'/],
  [['--replicas'], /'--replicas <value>' argument missing/],
  [['--replicas', '0'], /--replicas takes a whole number from 1 to 16, not "0"\./],
  [['--replicas', '2.5'], /not "2\.5"/],
  [['--replicas', '1e1'], /not "1e1"/],
  [['--backplane', 'kafka'], /--backplane takes postgres, redis, microsoft, azure or none, not "kafka"\./],
  [['--base-port', '65535'], /leaves no room for 2 replicas/],
  [['--data', ''], /--data takes the name of a folder/],
  [['--fresh=yes'], /--fresh/],
] as const) {
  test(`${args.join(' ')} is refused in one line`, () => {
    assert.throws(
      () => parseStartOptions(args),
      (error) => error instanceof Problem && message.test(error.message) && !error.message.includes('\n'),
    );
  });
}
