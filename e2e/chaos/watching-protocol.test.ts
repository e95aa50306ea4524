import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JsonHubProtocol, NullLogger } from '@microsoft/signalr';
import type { Message } from '../fixtures/wire.ts';
import { WatchingProtocol } from './watching-protocol.ts';

function watched(hasLog = true) {
  const twice: string[] = [];
  let count = 0;
  const protocol = new WatchingProtocol(new JsonHubProtocol(), {
    hasLog,
    onMessage: () => count++,
    onTwice: ({ id }: Message) => twice.push(id),
  });
  const hear = (target: string, cursor: string | undefined, argument: object): number => {
    const headers = cursor === undefined ? {} : { headers: { cursor } };
    const frame = `${JSON.stringify({ type: 1, target, arguments: [argument], ...headers })}\x1e`;
    return protocol.parseMessages(frame, NullLogger.instance).length;
  };
  return { hear, twice, count: () => count };
}

test('a message that comes a second time over the connection is told, and passed on all the same', () => {
  const { hear, twice, count } = watched();
  hear('Resumed', 'e.3', {});
  for (const [cursor, id] of [
    ['e.4', 'a'],
    ['e.7', 'b'],
    ['e.7', 'b'],
    ['e.4', 'a'],
    ['e.8', 'c'],
  ] as const)
    assert.equal(hear('ReceiveMessage', cursor, { id }), 1);
  assert.deepEqual(twice, ['b', 'a']);
  assert.equal(count(), 5);
});

test('offsets of another epoch are others, and other calls do not count', () => {
  const { hear, twice, count } = watched();
  hear('ReceiveMessage', 'e.4', { id: 'a' });
  hear('PersonLeft', 'e.4', {});
  hear('ReceiveMessage', 'f.1', { id: 'b' });
  assert.deepEqual(twice, []);
  assert.equal(count(), 2);
});

test('a message without a cursor breaks the contract of a log, and of nothing else', () => {
  assert.throws(() => watched().hear('ReceiveMessage', undefined, { id: 'a' }), /without a cursor/);
  const { hear, twice, count } = watched(false);
  for (let i = 0; i < 2; i++) assert.equal(hear('ReceiveMessage', undefined, { id: 'a' }), 1);
  assert.deepEqual([twice, count()], [[], 2]);
});
