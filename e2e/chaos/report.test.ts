import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isKept, report, type Outcome } from './report.ts';

const outcome: Outcome = {
  backplane: 'redis',
  seed: 42,
  lasted: 60_000,
  replicas: 3,
  clients: 18,
  resuming: 15,
  rooms: 9,
  accepted: 12_000,
  refused: 30,
  unanswered: 0,
  retries: 7,
  delivered: 60_000,
  filtered: 1,
  overlapping: 2,
  loaded: 3,
  verdicts: { lost: 0, duplicated: 0, reordered: 0, phantom: 0 },
  losses: { foundLater: 0, unseen: 0, notStored: 0 },
  streams: new Map([
    ['resumed', 20],
    ['new', 15],
  ]),
  replayed: 400,
  faults: new Map([
    ['replica killed', 2],
    ['cable cut', 1],
  ]),
  recoveries: [300, 100, 12_345],
  longestSilence: 3_210,
  atTheEnd: 40,
  failures: [],
};

test('the four numbers stand in a line of their own', () => {
  const lines = report(outcome);
  assert.ok(lines.includes('lost 0, duplicated 0, reordered 0, phantom 0'));
  assert.ok(lines.includes('3 faults: cable cut 1, replica killed 2'));
  assert.ok(lines.includes('connections: new 15, resumed 20'));
  assert.match(lines.join('\n'), /accepted 12000 in 60 s \(200\/s\)/);
  assert.match(lines.join('\n'), /median 0\.30 s, max 12\.35 s \(3 times\); at the end: 0\.04 s/);
});

test('what went wrong is told last', () => {
  const lines = report({ ...outcome, failures: ['replica-5001 has ended by itself'], atTheEnd: undefined });
  assert.equal(lines.at(-1), 'failed: replica-5001 has ended by itself');
  assert.match(lines.join('\n'), /at the end: never/);
});

test('the promise is kept only if nothing is wrong, and if something was at stake', () => {
  assert.equal(isKept(outcome), true);
  for (const kind of ['lost', 'duplicated', 'reordered', 'phantom'] as const)
    assert.equal(isKept({ ...outcome, verdicts: { ...outcome.verdicts, [kind]: 1 } }), false, kind);
  assert.equal(isKept({ ...outcome, failures: ['Somebody did not recover.'] }), false);
  assert.equal(isKept({ ...outcome, unanswered: 1 }), false);
  assert.equal(isKept({ ...outcome, faults: new Map() }), false);
  assert.equal(isKept({ ...outcome, accepted: 0 }), false);
});

test('over a backplane that may lose, the losses are the verdict, and only a run that did not work fails', () => {
  const lossy: Outcome = {
    ...outcome,
    backplane: 'microsoft',
    verdicts: { lost: 5, duplicated: 3, reordered: 1, phantom: 0 },
    losses: { foundLater: 4, unseen: 1, notStored: 0 },
  };
  assert.equal(isKept(lossy), true);
  const lines = report(lossy);
  assert.ok(lines.includes('lost 5, duplicated 3, reordered 1, phantom 0'));
  assert.match(
    lines.join('\n'),
    /verdict: 5 deliveries lost: 4 did not come live and were found .*, 1 were never seen, 0 messages/,
  );
  assert.equal(isKept({ ...lossy, failures: ['Somebody did not recover.'] }), false);
  assert.equal(isKept({ ...lossy, faults: new Map() }), false);
  assert.doesNotMatch(report(outcome).join('\n'), /verdict:/);
});
