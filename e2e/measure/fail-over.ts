import { setTimeout as delay } from 'node:timers/promises';
import { waitFor, type Replica } from '@hubbub/cluster';
import type { Account } from '../fixtures/account.ts';
import type { Message, Room } from '../fixtures/wire.ts';
import type { Talker } from './talker.ts';

/** Milliseconds between two messages of one client. */
const pause = 75;

/** Milliseconds that a step may take before the measuring gives up. */
const patience = 60_000;

export interface FailOver {
  /** The replica that was killed. */
  readonly killed: string;
  /** Milliseconds from the kill until each had a message accepted and delivered to the other that was said after it. */
  readonly took: number;
  /** Accepted messages that one of the two had not got when all was quiet again. */
  readonly missing: number;
}

export interface Balance {
  readonly accepted: number;
  /** Accepted, and missing in what is stored, or in what a client had got after one of the kills. */
  readonly lost: number;
  /** Stored twice, or delivered twice over one connection. */
  readonly doubled: number;
}

/** Kills the replica of one of two clients that talk all the time, waits until both go on, and starts it again. */
export async function measureFailOver(talkers: readonly [Talker, Talker], victim: Replica): Promise<FailOver> {
  const stop = new AbortController();
  const talking = Promise.all(talkers.map((talker, i) => keepTalking(talker, i, stop.signal)));
  const steady = talkers.map((talker) => talker.accepted.length + 20);
  await waitFor(() => talkers.every((talker, i) => talker.accepted.length >= steady[i]!), {
    timeoutMs: patience,
    otherwise: 'The flow of messages did not become steady.',
  });

  const killedAt = performance.now();
  const goesOn = Promise.all([bothWays(talkers[0], talkers[1], killedAt), bothWays(talkers[1], talkers[0], killedAt)]);
  await victim.kill();
  const times = await goesOn;
  stop.abort();
  await talking;
  await waitFor(() => talkers.every((talker) => talker.unsent === 0), {
    timeoutMs: patience,
    otherwise: 'Messages were left that no replica accepted.',
  });
  // Now, because the next kill makes a client fetch what it should have been sent.
  const missing = await countMissing(talkers);
  await victim.start();
  return { killed: victim.name, took: Math.max(...times), missing };
}

/** Says something again and again; the text tells when. */
async function keepTalking(talker: Talker, who: number, signal: AbortSignal): Promise<void> {
  for (let i = 0; !signal.aborted; i++) {
    talker.say(`${who} ${performance.now()} ${i}`);
    await delay(pause);
  }
}

/** How long after `since` the other one got a message that `from` said after it, in milliseconds. */
function bothWays(from: Talker, to: Talker, since: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('They did not go on talking.')), patience);
    const before = to.onSeen;
    const mine = from.accepted[0]!.userId;
    to.onSeen = (message: Message) => {
      before(message);
      const saidAt = Number(message.text.split(' ')[1]);
      if (message.userId !== mine || saidAt < since) return;
      clearTimeout(late);
      to.onSeen = before;
      resolve(performance.now() - since);
    };
  });
}

/** How many accepted messages one of them has not got, after the time that it may take at most. */
async function countMissing(talkers: readonly [Talker, Talker]): Promise<number> {
  const accepted = talkers.flatMap((talker) => talker.accepted);
  const missing = (): Message[] => accepted.filter((message) => talkers.some((talker) => !talker.seen.has(message.id)));
  await waitFor(() => missing().length === 0, { timeoutMs: patience, otherwise: '' }).catch(() => undefined);
  return missing().length;
}

/** Compares what was accepted with what is stored, and adds up what was found after the kills. */
export async function balance(
  talkers: readonly [Talker, Talker],
  failOvers: readonly FailOver[],
  room: Room,
  reader: Account,
): Promise<Balance> {
  const accepted = talkers.flatMap((talker) => talker.accepted);
  const stored = await reader.messages(room);
  const ids = new Set(stored.map((message) => message.id));
  const keys = new Set(stored.map((message) => `${message.userId} ${message.clientMessageId}`));
  return {
    accepted: accepted.length,
    lost: accepted.filter(({ id }) => !ids.has(id)).length + failOvers.reduce((sum, { missing }) => sum + missing, 0),
    doubled: stored.length - keys.size + talkers.reduce((sum, talker) => sum + talker.doubled, 0),
  };
}
