import { setTimeout as delay } from 'node:timers/promises';
import type { Message } from '../fixtures/wire.ts';
import type { Talker } from './talker.ts';

/** Milliseconds between two messages of one client: far from what a replica can take, so that they do not wait for each other. */
const pause = 60;
const warmUp = 50;

/** Milliseconds after which a message counts as not delivered. */
const longest = 30_000;

export interface Deliveries {
  readonly from: string;
  readonly to: string;
  /** From the call to the arrival, in milliseconds, in rising order. */
  readonly times: readonly number[];
}

/** Sends paced messages from one client to another one on another replica and times each. */
export async function measureDelivery(from: Talker, to: Talker, count: number): Promise<Deliveries> {
  const times: number[] = [];
  for (let i = 0; i < warmUp + count; i++) {
    const next = delay(pause);
    const time = await timeOne(from, to, `${from.replica!.name} ${i}`);
    if (i >= warmUp) times.push(time);
    await next;
  }
  return { from: from.replica!.name, to: to.replica!.name, times: times.sort((a, b) => a - b) };
}

function timeOne(from: Talker, to: Talker, text: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`“${text}” did not arrive within ${longest / 1000} s.`)), longest);
    const before = to.onSeen;
    to.onSeen = (message: Message) => {
      before(message);
      if (message.text !== text) return;
      clearTimeout(late);
      to.onSeen = before;
      resolve(performance.now() - started);
    };
    const started = performance.now();
    from.say(text);
  });
}

/** The time below which a share of the deliveries stays, in milliseconds. */
export function percentile({ times }: Deliveries, share: number): number {
  return times[Math.min(times.length - 1, Math.floor(times.length * share))]!;
}
