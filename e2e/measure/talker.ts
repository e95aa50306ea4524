import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { HubConnectionBuilder, LogLevel, type HubConnection } from '@microsoft/signalr';
import type { Account } from '../fixtures/account.ts';
import type { ReplicaUnderTest } from '../fixtures/replica.ts';
import type { Message, MessagePage, Room } from '../fixtures/wire.ts';

interface Unsent {
  readonly text: string;
  readonly clientMessageId: string;
}

/** A call without an answer after this long is made again, in milliseconds. */
const callTimeout = 10_000;

/** Pauses before the first and before further attempts to connect are random and at most this long, in milliseconds. */
const firstPause = 100;
const furtherPause = 500;

/**
 * A client that behaves as the contract asks: it sends one message after the other, each again with the same id until it is accepted,
 * goes to another replica when the one in use is lost, and then fetches what it missed.
 */
export class Talker implements AsyncDisposable {
  /** What the server answered to what was said here. */
  readonly accepted: Message[] = [];
  /** Messages by id that arrived, live or fetched. */
  readonly seen = new Map<string, Message>();
  /** Messages that came twice over the same connection. */
  doubled = 0;
  /** Called for each message the first time that it arrives. */
  onSeen: (message: Message) => void = () => {};
  /** Called for each message that the server accepted. */
  onAccepted: (message: Message) => void = () => {};

  readonly #account: Account;
  readonly #room: Room;
  readonly #replicas: readonly ReplicaUnderTest[];
  readonly #unsent: Unsent[] = [];
  #home: ReplicaUnderTest;
  #connection: HubConnection | undefined;
  /** What has arrived, by its number, and the last one before which nothing is missing. */
  readonly #bySeq = new Map<number, Message>();
  #last: Message | undefined;
  #over = false;
  #moving: Promise<void> | undefined;
  #sending = false;

  private constructor(account: Account, room: Room, replicas: readonly ReplicaUnderTest[], home: ReplicaUnderTest) {
    this.#account = account;
    this.#room = room;
    this.#replicas = replicas;
    this.#home = home;
  }

  /** Connects to `home`; the others are where to go when it is lost. */
  static async connect(
    account: Account,
    room: Room,
    replicas: readonly ReplicaUnderTest[],
    home: ReplicaUnderTest,
  ): Promise<Talker> {
    const talker = new Talker(account, room, replicas, home);
    await talker.#open(home);
    return talker;
  }

  /** Where it is connected, undefined while it is not. */
  get replica(): ReplicaUnderTest | undefined {
    return this.#connection ? this.#home : undefined;
  }

  /** How much was said and is not accepted yet. */
  get unsent(): number {
    return this.#unsent.length;
  }

  /** Says something, now or as soon as it can. */
  say(text: string): void {
    this.#unsent.push({ text, clientMessageId: randomUUID() });
    void this.#sendAll();
  }

  /** Goes to a replica that lives, because it is told to. */
  async moveTo(replica: ReplicaUnderTest): Promise<void> {
    if (this.replica === replica) return;
    const old = this.#connection;
    this.#connection = undefined;
    await old?.stop();
    await this.#open(replica);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over = true;
    await this.#connection?.stop();
    await this.#moving;
  }

  async #open(replica: ReplicaUnderTest): Promise<void> {
    const connection = new HubConnectionBuilder()
      .withUrl(`${replica.url}/chatHub`, { accessTokenFactory: () => this.#account.accessToken })
      .configureLogging(LogLevel.None)
      .build();
    const here = new Set<string>();
    connection.on('ReceiveMessage', (message: Message) => {
      if (here.has(message.id)) this.doubled++;
      here.add(message.id);
      this.#see(message);
    });
    for (const method of ['RoomAdded', 'RoomLeft', 'PersonEntered', 'PersonLeft', 'ReadMarkMoved']) {
      connection.on(method, () => {});
    }
    await connection.start();
    // An answered call says that the connection is in its rooms. What was fetched before that could miss what is said until then.
    await connection.invoke('JoinRoom', this.#room.id);
    connection.onclose(() => {
      if (this.#connection !== connection) return;
      this.#connection = undefined;
      this.#moving = this.#moveOn();
    });
    this.#home = replica;
    this.#connection = connection;
    await this.#catchUp(replica);
    void this.#sendAll();
  }

  /** Tries the other replicas, and then all of them, until one takes it. */
  async #moveOn(): Promise<void> {
    const lost = this.#home;
    const others = this.#replicas.filter((replica) => replica !== lost);
    const order = [...others, lost];
    for (let attempt = 0; !this.#over; attempt++) {
      await delay(Math.random() * (attempt === 0 ? firstPause : furtherPause));
      try {
        return await this.#open(order[attempt % order.length]!);
      } catch {
        // The next one.
      }
    }
  }

  /** A new connection says nothing of what happened before it. Fetches from the first message on that is missing. */
  async #catchUp(replica: ReplicaUnderTest): Promise<void> {
    for (;;) {
      const after = this.#last ? `&after=${this.#last.id}` : '';
      const path = `/api/rooms/${this.#room.id}/messages?limit=100${after}`;
      const answer = await this.#account.request('GET', path, undefined, replica);
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}.`);
      const { messages, hasMore } = (await answer.json()) as MessagePage;
      for (const message of messages) this.#see(message);
      if (!hasMore || !messages.some((message) => message.id === this.#last?.id)) return;
    }
  }

  async #sendAll(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    try {
      while (this.#unsent[0] && this.#connection) {
        const { text, clientMessageId } = this.#unsent[0];
        const message = await this.#send(this.#connection, text, clientMessageId);
        if (!message) continue;
        this.#unsent.shift();
        this.accepted.push(message);
        this.onAccepted(message);
      }
    } finally {
      this.#sending = false;
    }
  }

  /** Undefined when no answer came, or one that says to try again. */
  async #send(connection: HubConnection, text: string, clientMessageId: string): Promise<Message | undefined> {
    try {
      const call = connection.invoke<Message>('SendMessage', this.#room.id, text, clientMessageId);
      return await Promise.race([call, delay(callTimeout, undefined, { ref: false })]);
    } catch {
      // Lets a connection that has just been lost be noticed before the next try.
      await delay(5);
      return undefined;
    }
  }

  #see(message: Message): void {
    if (message.roomId !== this.#room.id || this.seen.has(message.id)) return;
    this.seen.set(message.id, message);
    this.#bySeq.set(message.seq, message);
    // A live one may have come before the ones that are fetched.
    for (let next; (next = this.#bySeq.get((this.#last?.seq ?? 0) + 1));) this.#last = next;
    this.onSeen(message);
  }
}
