import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type HubFault, toFault } from '../../frontend/src/app/realtime/hub-fault.ts';
import { retryDelay } from '../../frontend/src/app/realtime/reconnect-policy.ts';
import type { Message } from '../fixtures/wire.ts';
import type { Checker } from './checker.ts';
import type { Link } from './link.ts';
import type { Pace } from './pace.ts';

/** Every so many messages one is said that the server has to refuse. */
const wrongEvery = 50;

export interface LaneOptions {
  readonly client: string;
  readonly userId: string;
  readonly roomId: string;
  readonly link: Link;
  readonly pace: Pace;
  readonly checker: Checker;
  readonly onAccepted: () => void;
}

/**
 * What one client says in one room: numbered messages, one after the other, each again with the same id until the server has accepted or
 * refused it, as the app's outbox does.
 */
export class Lane {
  readonly #options: LaneOptions;
  #count = 0;
  #retries = 0;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  /** Messages that had to be sent again. */
  get retries(): number {
    return this.#retries;
  }

  /** Talks until `enough`; what was begun then is brought to its end, unless `signal` ends it. */
  async talk(enough: AbortSignal, signal: AbortSignal): Promise<void> {
    const { pace } = this.#options;
    while (!enough.aborted) {
      await pace.turn(enough).catch(() => undefined);
      if (enough.aborted) return;
      await this.say(signal);
      if (this.#count % wrongEvery === 0) await this.#sayWrong(signal);
    }
  }

  /** Says the next message. */
  async say(signal: AbortSignal): Promise<void> {
    const { client, roomId } = this.#options;
    const number = ++this.#count;
    const refusal = await this.#send(roomId, `${client} says ${number}`, String(number), signal);
    if (refusal) throw new Error(`What ${client} said was refused: ${refusal.code}: ${refusal.message}`);
  }

  /** Something that nobody may ever see: an empty text, or one in a room that is none of the client's. */
  async #sayWrong(signal: AbortSignal): Promise<void> {
    const { roomId } = this.#options;
    const id = `${this.#count} wrong`;
    const isEven = this.#count % (2 * wrongEvery) === 0;
    await this.#send(isEven ? roomId : randomUUID(), isEven ? ' \n ' : 'Let me in', id, signal);
  }

  /** Sends it until it is accepted, which gives nothing, or refused. */
  async #send(roomId: string, text: string, id: string, signal: AbortSignal): Promise<HubFault | undefined> {
    const { client, userId, link, checker, onAccepted } = this.#options;
    const clientMessageId = `${client} ${this.#options.roomId.slice(-12)} ${id}`;
    checker.say(userId, clientMessageId, roomId, text);
    for (let attempt = 0; ; attempt++) {
      await link.untilConnected(signal);
      try {
        const message = await link.invoke<Message>('SendMessage', roomId, text, clientMessageId);
        checker.accept(userId, clientMessageId, message);
        onAccepted();
        return undefined;
      } catch (error) {
        const fault = toFault(error);
        if (!fault.passes) {
          checker.refuse(userId, clientMessageId, roomId);
          return fault;
        }
        this.#retries++;
        await delay(retryDelay(attempt), undefined, { signal });
      }
    }
  }
}
