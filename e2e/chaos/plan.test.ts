import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultKinds, type FaultName } from './fault-kinds.ts';
import { makePlan, type PlanOptions, type Step } from './plan.ts';

const options: PlanOptions = { seed: 7, backplane: 'redis', replicas: 3, cableGroups: 2 };

function take(count: number, changes: Partial<PlanOptions> = {}): Step[] {
  const steps = makePlan({ ...options, ...changes });
  return Array.from({ length: count }, () => steps.next().value);
}

const kindsOf = (steps: readonly Step[]): FaultName[] => steps.flatMap(({ faults }) => faults.map(({ kind }) => kind));

test('the same seed gives the same plan, another seed another one', () => {
  assert.deepEqual(take(200), take(200));
  assert.notDeepEqual(take(20), take(20, { seed: 8 }));
});

test('every kind has come before any comes for the second time, as far as pairs allow', () => {
  for (let seed = 0; seed < 50; seed++) {
    const kinds = faultKinds('redis');
    const dealt = kindsOf(take(2 * kinds.length, { seed }));
    const counts = kinds.map(({ name }) => dealt.filter((kind) => kind === name).length);
    assert.ok(Math.min(...counts) >= 1, `seed ${seed}: ${counts.join(' ')}`);
  }
});

test('Redis is left alone where there is none', () => {
  assert.ok(!kindsOf(take(300, { backplane: 'postgres' })).some((kind) => kind.startsWith('Redis')));
  assert.ok(kindsOf(take(300, { backplane: 'microsoft' })).some((kind) => kind.startsWith('Redis')));
  assert.ok(kindsOf(take(300)).includes('Redis killed, its data lost'));
});

test('nothing is paused where that cannot be done', () => {
  const names = faultKinds('redis', false).map(({ name }) => name);
  assert.ok(names.length >= 8 && names.every((name) => !name.includes('paused')), names.join(', '));
});

test('two faults at a time hit different things', () => {
  const pairs = take(2_000).filter(({ faults }) => faults.length === 2);
  const victims = new Map(faultKinds('redis').map(({ name, victim }) => [name, victim]));
  assert.ok(pairs.length > 200);
  for (const { faults } of pairs) {
    const [first, second] = faults.map(({ kind, replica }) => {
      const victim = victims.get(kind)!;
      return victim === 'replica' ? `${victim} ${replica}` : victim;
    });
    assert.notEqual(first, second);
  }
});

test('every replica and every group of clients has its turn, and every fault lasts as long as its kind does', () => {
  const faults = take(500).flatMap((step) => step.faults);
  assert.deepEqual([...new Set(faults.map(({ replica }) => replica))].sort(), [0, 1, 2]);
  assert.deepEqual([...new Set(faults.map(({ group }) => group))].sort(), [0, 1]);
  const kinds = new Map(faultKinds('redis').map((kind) => [kind.name, kind]));
  for (const { kind, lasts } of faults) {
    const [min, max] = kinds.get(kind)!.lasts;
    assert.ok(lasts >= min && lasts <= max, `${kind} lasts ${lasts}`);
  }
});

test('some steps wait for the recovery and some do not; the first one does', () => {
  assert.equal(take(1)[0]!.waits, true);
  const waiting = take(400).filter(({ waits }) => waits).length;
  assert.ok(waiting > 250 && waiting < 350, `${waiting} of 400`);
});
