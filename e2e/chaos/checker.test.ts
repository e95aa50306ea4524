import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message } from '../fixtures/wire.ts';
import { Checker } from './checker.ts';
import type { Offence } from './offence.ts';

const room = 'room';

/** Ada talks, Bo listens, both in one room; histories are made of what happens to them. */
class Story {
  readonly offences: Offence[] = [];
  readonly checker = new Checker(
    ['ada', 'bo'].map((client) => ({ client, rooms: [room] })),
    (offence) => this.offences.push(offence),
  );
  readonly stored: Message[] = [];

  constructor() {
    for (const client of ['ada', 'bo']) this.checker.begin(client, 'new');
  }

  /** Ada says her next message, and the server stores it. */
  said(seq: number, { number = seq, id = `m${seq}` } = {}): Message {
    const message = aMessage(seq, number, id);
    this.checker.say('ada', message.clientMessageId, room, message.text);
    this.checker.accept('ada', message.clientMessageId, message);
    this.stored.push(message);
    return message;
  }

  /** Both are handed these, in this order. */
  handed(...messages: readonly Message[]): void {
    for (const message of messages) for (const client of ['ada', 'bo']) this.checker.deliver(client, message, 'live');
  }

  /** Bo alone is handed these. */
  bo(...messages: readonly Message[]): void {
    for (const message of messages) this.checker.deliver('bo', message, 'live');
  }

  ada(...messages: readonly Message[]): void {
    for (const message of messages) this.checker.deliver('ada', message, 'live');
  }

  finish(stored: readonly Message[] = this.stored): Checker['verdicts'] {
    this.checker.finish(new Map([[room, stored]]));
    return this.checker.verdicts;
  }
}

function aMessage(seq: number, number = seq, id = `m${seq}`): Message {
  return {
    id,
    roomId: room,
    seq,
    userId: 'ada',
    userName: 'Ada',
    text: `ada says ${number}`,
    sentAt: '2026-01-01T00:00:00Z',
    clientMessageId: `ada ${number}`,
    replica: 'replica-1',
  };
}

const clean = { lost: 0, duplicated: 0, reordered: 0, phantom: 0 };

test('a history in which everybody gets everything once and in order is clean', () => {
  const story = new Story();
  story.handed(story.said(1), story.said(2), story.said(3));
  assert.deepEqual(story.finish(), clean);
  assert.equal(story.checker.isClean, true);
  assert.equal(story.checker.accepted, 3);
  assert.equal(story.checker.delivered, 6);
});

test('a message that one client never gets is lost, at the end and in the middle', () => {
  const atTheEnd = new Story();
  atTheEnd.handed(atTheEnd.said(1));
  atTheEnd.ada(atTheEnd.said(2));
  assert.deepEqual(atTheEnd.finish(), { ...clean, lost: 1 });
  assert.deepEqual(
    atTheEnd.offences.map(({ client, seq, clientMessageId }) => ({ client, seq, clientMessageId })),
    [{ client: 'bo', seq: 2, clientMessageId: 'ada 2' }],
  );

  const inTheMiddle = new Story();
  const [one, two, three] = [inTheMiddle.said(1), inTheMiddle.said(2), inTheMiddle.said(3)];
  inTheMiddle.ada(one, two, three);
  inTheMiddle.bo(one, three);
  assert.deepEqual(inTheMiddle.finish(), { ...clean, lost: 1 });
});

test('a hole in a stream is a loss even if the client loads the message when a later stream begins', () => {
  const story = new Story();
  const [one, two, three] = [story.said(1), story.said(2), story.said(3)];
  story.ada(one, two, three);
  story.bo(one, three);
  story.checker.begin('bo', 'epoch');
  story.checker.load('bo', two);
  assert.deepEqual(story.finish(), { ...clean, lost: 1 });
});

test('an accepted message that is not stored is lost, and so is a number that is missing in what is stored', () => {
  const forgotten = new Story();
  const [one, two] = [forgotten.said(1), forgotten.said(2)];
  forgotten.handed(one, two);
  assert.deepEqual(forgotten.finish([one]), { ...clean, lost: 1 });

  const hole = new Story();
  const [first, third] = [hole.said(1), hole.said(3, { number: 2 })];
  hole.handed(first, third);
  assert.equal(hole.finish([first, third]).lost, 3, 'the hole itself, and for each of the two');
});

test('a message that comes twice over one stream is duplicated', () => {
  const story = new Story();
  const [one, two] = [story.said(1), story.said(2)];
  story.handed(one, two);
  story.bo(two);
  story.bo(one);
  assert.deepEqual(story.finish(), { ...clean, duplicated: 2 });
});

test('a message that one connection brings twice is duplicated, although the client keeps the second one back', () => {
  const story = new Story();
  const one = story.said(1);
  story.handed(one);
  story.checker.twice('bo', one);
  assert.deepEqual(story.finish(), { ...clean, duplicated: 1 });
});

test('a message that is stored twice is duplicated, whoever sees the second one', () => {
  const answered = new Story();
  answered.said(1);
  answered.checker.accept('ada', 'ada 1', aMessage(2, 1, 'm2'));
  assert.equal(answered.checker.verdicts.duplicated, 1);

  const delivered = new Story();
  delivered.handed(delivered.said(1));
  delivered.bo(aMessage(2, 1, 'm2'));
  assert.equal(delivered.checker.verdicts.duplicated, 1);

  const stored = new Story();
  stored.handed(stored.said(1));
  assert.equal(stored.finish([aMessage(1), aMessage(2, 1, 'm2')]).duplicated, 1);
});

test('a message that comes behind a later one is reordered, and not lost', () => {
  const story = new Story();
  const [one, two, three] = [story.said(1), story.said(2), story.said(3)];
  story.ada(one, two, three);
  story.bo(one, three, two);
  assert.deepEqual(story.finish(), { ...clean, reordered: 1 });
});

test('a stream that goes back behind its beginning is reordered', () => {
  const story = new Story();
  const [one, two] = [story.said(1), story.said(2)];
  story.ada(one, two);
  story.bo(two, one);
  assert.deepEqual(story.finish(), { ...clean, reordered: 1 });
});

test('messages of one sender that are stored in another order than they were said in are reordered', () => {
  const story = new Story();
  const [second, first] = [story.said(1, { number: 2 }), story.said(2, { number: 1 })];
  story.handed(second, first);
  assert.deepEqual(story.finish(), { ...clean, reordered: 1 });
});

test('a message that nobody said is a phantom', () => {
  const story = new Story();
  story.bo(aMessage(1));
  assert.equal(story.checker.verdicts.phantom, 1);
  assert.equal(story.offences[0]!.detail, 'was never said');
});

test('a message that was refused and comes all the same is a phantom, whichever is first', () => {
  const refusedFirst = new Story();
  refusedFirst.checker.say('ada', 'ada 1', room, 'ada says 1');
  refusedFirst.checker.refuse('ada', 'ada 1', room);
  refusedFirst.bo(aMessage(1));
  assert.equal(refusedFirst.checker.verdicts.phantom, 1);

  const deliveredFirst = new Story();
  deliveredFirst.checker.say('ada', 'ada 1', room, 'ada says 1');
  deliveredFirst.bo(aMessage(1));
  assert.equal(deliveredFirst.checker.verdicts.phantom, 0);
  deliveredFirst.checker.refuse('ada', 'ada 1', room);
  assert.equal(deliveredFirst.checker.verdicts.phantom, 1);
});

test('a message with other words, under the number of another one, or in a room of others is a phantom', () => {
  const words = new Story();
  words.bo({ ...words.said(1), text: 'ada says something else' });
  assert.equal(words.checker.verdicts.phantom, 1);

  const number = new Story();
  number.said(1);
  const second = number.said(2);
  number.bo({ ...second, seq: 1 });
  assert.equal(number.checker.verdicts.phantom, 1);

  const elsewhere = new Story();
  elsewhere.checker.say('ada', 'ada 1', 'another room', 'ada says 1');
  elsewhere.bo({ ...aMessage(1), roomId: 'another room' });
  assert.equal(elsewhere.checker.verdicts.phantom, 1);
});

test('who cannot resume may load what lies between, and then get some of it over the hub as well', () => {
  const story = new Story();
  const [one, two, three, four] = [story.said(1), story.said(2), story.said(3), story.said(4)];
  story.ada(one, two, three, four);
  story.bo(one);
  story.checker.begin('bo', 'epoch');
  story.bo(three);
  for (const message of [two, three]) story.checker.load('bo', message);
  story.bo(four);
  assert.deepEqual(story.finish(), clean);
  assert.equal(story.checker.loaded, 2);

  story.checker.begin('bo', 'epoch');
  story.bo(four);
  assert.deepEqual(story.checker.verdicts, clean);
  assert.equal(story.checker.overlapping, 1);
});

test('what was sent and never answered is not accepted, and is no phantom when it comes', () => {
  const story = new Story();
  story.checker.say('ada', 'ada 1', room, 'ada says 1');
  story.handed(aMessage(1));
  assert.equal(story.checker.unanswered, 1);
  assert.deepEqual(story.finish([aMessage(1)]), clean);
});

test('it tells who is behind a mark, and no more of what came after it', () => {
  const story = new Story();
  const [one, two] = [story.said(1), story.said(2)];
  const mark = story.checker.mark();
  const three = story.said(3);
  story.ada(one, two, three);
  story.bo(one);
  assert.deepEqual(story.checker.behind(mark), ['bo has 1 of 2 in room']);
  story.bo(two);
  assert.deepEqual(story.checker.behind(mark), []);
  assert.equal(story.checker.behind(story.checker.mark()).length, 1);
});
