import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { buildOnce, lastBuild } from '../src/build/build-once.ts';
import { hashSources } from '../src/build/source-hash.ts';
import { Problem } from '../src/problem.ts';
import { temporaryDirectory } from './launched.ts';

const registry = { add: () => {}, remove: () => {} };

function build(store: string, hash: string, content: string): Promise<string> {
  const make = (target: string): Promise<void> => {
    mkdirSync(target);
    writeFileSync(join(target, 'result'), content);
    return Promise.resolve();
  };
  return buildOnce({ what: 'it', store, hash, make, registry, onProgress: () => {} });
}

test('sources that did not change are not built again, and a running build is never touched', async () => {
  using directory = temporaryDirectory();
  const first = await build(directory.path, 'a'.repeat(16), 'one');
  const again = await build(directory.path, 'a'.repeat(16), 'not made');
  assert.equal(again, first);
  const second = await build(directory.path, 'b'.repeat(16), 'two');
  assert.equal(readFileSync(join(first, 'result'), 'utf8'), 'one');
  assert.equal(readFileSync(join(second, 'result'), 'utf8'), 'two');
});

test('a build that fails leaves nothing that could be taken for one', async () => {
  using directory = temporaryDirectory();
  const make = (target: string): Promise<void> => {
    mkdirSync(target);
    return Promise.reject(new Error('broken'));
  };
  const hash = 'c'.repeat(16);
  await assert.rejects(
    buildOnce({ what: 'it', store: directory.path, hash, make, registry, onProgress: () => {} }),
    /broken/,
  );
  assert.deepEqual(readdirSync(directory.path), []);
  assert.throws(() => lastBuild('it', directory.path), Problem);
});

test('what a killed build has left is removed, that of one under way is not', async () => {
  using directory = temporaryDirectory();
  const ended = spawnSync(process.execPath, ['-e', '']).pid;
  mkdirSync(join(directory.path, `.draft-${ended}`));
  mkdirSync(join(directory.path, `.draft-${process.ppid}`));
  await build(directory.path, 'e'.repeat(16), 'it');
  assert.deepEqual(readdirSync(directory.path).sort(), [`.draft-${process.ppid}`, 'e'.repeat(16)]);
});

test('only the builds used last are kept, and the very last one is found', async () => {
  using directory = temporaryDirectory();
  const builds: string[] = [];
  for (const [i, letter] of ['a', 'b', 'c', 'd'].entries()) {
    const made = await build(directory.path, letter.repeat(16), letter);
    utimesSync(made, i, i);
    builds.push(made);
  }
  // The oldest that is left is used again, which makes it the newest.
  assert.deepEqual(builds.map(existsSync), [false, true, true, true]);
  await build(directory.path, 'b'.repeat(16), 'b');
  assert.equal(lastBuild('it', directory.path), builds[1]);
});

test('the hash of sources follows content and names, not times or generated folders', () => {
  using directory = temporaryDirectory();
  const write = (path: string, content: string): void => {
    mkdirSync(join(directory.path, path, '..'), { recursive: true });
    writeFileSync(join(directory.path, path), content);
  };
  const hash = (...more: string[]): string => hashSources(directory.path, ['src', 'missing'], ...more);
  write('src/a.cs', 'one');
  const before = hash();
  write('src/obj/generated.cs', 'anything');
  write('src/.hidden/x', 'anything');
  utimesSync(join(directory.path, 'src/a.cs'), 1, 1);
  assert.equal(hash(), before);
  assert.notEqual(hash('another SDK'), before);

  write('src/a.cs', 'two');
  const changed = hash();
  assert.notEqual(changed, before);
  write('src/b.cs', '');
  const added = hash();
  assert.notEqual(added, changed);
  write('missing', 'there now');
  assert.notEqual(hash(), added);
});
