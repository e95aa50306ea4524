import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTestOptions } from '../src/cli/test-options.ts';
import {
  readDotnetTally,
  readNodeTally,
  readPlaywrightFailures,
  readPlaywrightTally,
  readVitestTally,
} from '../src/stages/read-tally.ts';
import { backplanesFor, type StageContext } from '../src/stages/stage.ts';
import { isGood, summarize } from '../src/stages/summary.ts';
import { judge, nothing } from '../src/stages/tally.ts';

const known = ['lint', 'unit', 'e2e', 'chaos', 'measure'] as const;
const parse = (...args: readonly string[]) => parseTestOptions(args, known, ['measure']);

test('stages run in their own order, all but those on demand without an argument', () => {
  assert.deepEqual(parse().stages, ['lint', 'unit', 'e2e', 'chaos']);
  assert.deepEqual(parse('e2e', 'lint').stages, ['lint', 'e2e']);
  assert.deepEqual(parse('measure').stages, ['measure']);
});

test('a stage runs over its usual backplanes, or over the one that is named if it knows it', () => {
  const over = (...args: readonly string[]) => {
    const { backplane } = parse(...args);
    return backplanesFor('chaos', { backplane } as StageContext, ['postgres', 'redis'], ['microsoft']);
  };
  assert.deepEqual(over('chaos'), ['postgres', 'redis']);
  assert.deepEqual(over('chaos', '--backplane', 'redis'), ['redis']);
  assert.deepEqual(over('chaos', '--backplane', 'Microsoft'), ['microsoft']);
  assert.throws(() => over('--backplane', 'none'), /chaos runs over postgres, redis or microsoft, not over none\./);
  assert.throws(
    () => parse('--backplane', 'kafka'),
    /--backplane takes postgres, redis, microsoft, azure or none, not "kafka"\./,
  );
});

test('chaos is short and left to chance, or as long and as it was before when that is asked for', () => {
  const { minutes, seed } = parse();
  assert.deepEqual({ minutes, seed }, { minutes: 1.25, seed: undefined });
  const asked = parse('chaos', '--minutes', '0.5', '--seed=0');
  assert.deepEqual([asked.stages, asked.minutes, asked.seed], [['chaos'], 0.5, 0]);
  for (const minutes of ['0', '61', 'ten', '1e1', '-1', ''])
    assert.throws(() => parse('chaos', `--minutes=${minutes}`), /--minutes takes a number from 0\.5 to 60, not "/);
  for (const seed of ['-1', '1.5', '4294967296', 'x'])
    assert.throws(() => parse('chaos', `--seed=${seed}`), /--seed takes a number from 0 to 4294967295, not "/);
});

test('an unknown stage or option is refused in words', () => {
  assert.throws(
    () => parse('unit', 'e3e'),
    /There is no stage "e3e"\. The stages are lint, unit, e2e, chaos, measure\./,
  );
  assert.throws(() => parse('--faster'), /Unknown option '--faster'\. See \.\/test\.sh --help\./);
});

test('the summary of node --test is read', () => {
  const lines = [
    '✔ ℹ pass 99 in the name of a test',
    'ℹ tests 9',
    'ℹ pass 5',
    'ℹ fail 1',
    'ℹ cancelled 1',
    'ℹ skipped 1',
    'ℹ todo 1',
  ];
  assert.deepEqual(readNodeTally(lines), { passed: 5, failed: 2, skipped: 2 });
});

test('the summary of Vitest is read, also in colour', () => {
  const lines = [
    ' Test Files  1 failed | 3 passed (4)',
    '\u001b[2m      Tests \u001b[22m 1 failed | 12 passed | 2 skipped (15)',
  ];
  assert.deepEqual(readVitestTally(lines), { passed: 12, failed: 1, skipped: 2 });
  assert.deepEqual(readVitestTally(['      Tests  7 passed (7)']), { passed: 7, failed: 0, skipped: 0 });
});

test('the lines of dotnet test are added up', () => {
  const lines = [
    'Passed!  - Failed:     0, Passed:   300, Skipped:     2, Total:   302, Duration: 6 s - A.dll (net10.0)',
    'Failed!  - Failed:     1, Passed:    10, Skipped:     0, Total:    11, Duration: 1 s - B.dll (net10.0)',
  ];
  assert.deepEqual(readDotnetTally(lines), { passed: 310, failed: 1, skipped: 2 });
});

test('what failed is found in what each tool writes', () => {
  const dotnet = [
    '  Passed A [1 ms]',
    '  Failed B.C(d: 1) [2 s]',
    '  Error Message:',
    '   Assert.Equal()',
    '',
    '  Passed E [1 ms]',
  ];
  assert.deepEqual(readDotnetTally(dotnet).failures?.slice(0, 3), [
    '  Failed B.C(d: 1) [2 s]',
    '  Error Message:',
    '   Assert.Equal()',
  ]);
  const node = [
    '✖ a (1ms)',
    'ℹ fail 1',
    '',
    '✖ failing tests:',
    '',
    'test at a.test.ts:1:1',
    '✖ a (1ms)',
    '  AssertionError',
  ];
  assert.deepEqual(readNodeTally(node).failures, ['✖ a (1ms)', '  AssertionError']);
  const vitest = ['\u001b[41m FAIL \u001b[49m  app  a.spec.ts > a', 'AssertionError: expected 1 to be 2'];
  assert.deepEqual(readVitestTally(vitest).failures, [
    ' FAIL   app  a.spec.ts > a',
    'AssertionError: expected 1 to be 2',
  ]);
  const playwright = [
    '  ✘  1 [together] › a.spec.ts:1:1 › a (1s)',
    '  1) [together] › a.spec.ts:1:1 › a',
    '',
    '    Error: no',
  ];
  assert.deepEqual(readPlaywrightFailures(playwright).failures, [
    '  1) [together] › a.spec.ts:1:1 › a',
    '    Error: no',
  ]);
});

test('no more of what failed is shown again than one can read', () => {
  const failure = (i: number) => [`  Failed T${i} [1 ms]`, ...Array.from({ length: 50 }, (_, n) => `   at line ${n}`)];
  const lines = Array.from({ length: 20 }, (_, i) => failure(i)).flat();
  const { failures } = readDotnetTally(lines);
  assert.equal(failures?.length, 6 * 12);
});

test('the report of Playwright is read, with errors outside of tests', () => {
  const report = { stats: { expected: 8, flaky: 1, unexpected: 2, skipped: 3 }, errors: [{ message: 'no server' }] };
  assert.deepEqual(readPlaywrightTally(JSON.stringify(report)), { passed: 9, failed: 3, skipped: 3 });
});

test('a command that fails or runs nothing counts as a failure', () => {
  assert.deepEqual(judge({ passed: 3, failed: 0, skipped: 0 }, 0), { passed: 3, failed: 0, skipped: 0 });
  assert.deepEqual(judge({ passed: 3, failed: 0, skipped: 0 }, 1), { passed: 3, failed: 1, skipped: 0 });
  assert.deepEqual(judge({ passed: 3, failed: 2, skipped: 0 }, 1), { passed: 3, failed: 2, skipped: 0 });
  assert.deepEqual(judge(nothing, 0), { passed: 0, failed: 1, skipped: 0 });
  assert.deepEqual(judge({ passed: 0, failed: 0, skipped: 4 }, 0), { passed: 0, failed: 1, skipped: 4 });
});

test('the last line of the summary adds everything up', () => {
  const results = [
    { name: 'unit: cluster', tally: { passed: 40, failed: 0, skipped: 0 }, ms: 59_600 },
    {
      name: 'unit: backend',
      tally: { passed: 300, failed: 1, skipped: 2, failures: ['  Failed A.B [1 s]'] },
      ms: 61_000,
    },
  ];
  assert.deepEqual(summarize(results), [
    'failed in unit: backend',
    '    Failed A.B [1 s]',
    '',
    '                passed   failed  skipped     time',
    'unit: cluster       40        0        0 1 m 00 s',
    'unit: backend      300        1        2 1 m 01 s',
    '',
    '340 passed, 1 failed, 2 skipped',
  ]);
  assert.equal(summarize(results.slice(0, 1)).at(-1), '40 passed, 0 failed');
  assert.equal(isGood(results), false);
  assert.equal(isGood(results.slice(0, 1)), true);
  assert.equal(isGood([]), false);
});
