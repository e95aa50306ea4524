import { setTimeout as delay } from 'node:timers/promises';
import {
  HttpTransportType,
  HubConnectionBuilder,
  JsonHubProtocol,
  LogLevel,
  type HubConnection,
} from '@microsoft/signalr';
import { HubFault } from '../../frontend/src/app/realtime/hub-fault.ts';
import { LogPosition, type Resumption } from '../../frontend/src/app/realtime/log-position.ts';
import { ATTEMPT_TIMEOUT, retryDelay } from '../../frontend/src/app/realtime/reconnect-policy.ts';
import { candidates } from '../../frontend/src/app/realtime/replica-choice.ts';
import { KEPT_BACK, ResumingProtocol } from '../../frontend/src/app/realtime/resuming-protocol.ts';
import type { Message } from '../fixtures/wire.ts';
import { WatchingProtocol } from './watching-protocol.ts';

/** As the app has them, in milliseconds. */
const longestSilence = 9_500;
const pingEvery = 4_000;
const callTimeout = 10_000;
const suspectFor = 10_000;

export interface LinkOptions {
  /** Where the replicas are found, the one to begin with first. */
  readonly urls: readonly string[];
  readonly accessToken: () => Promise<string>;
  /** Whether the backplane is a log. */
  readonly hasLog: boolean;
  /** Whether it presents a cursor; without one it is a plain client of SignalR. */
  readonly resumes: boolean;
  readonly transport: HttpTransportType;
  /** What a plain client calls to know that it is in its rooms, by the contract. */
  readonly enter: (connection: HubConnection) => Promise<unknown>;
  /** The stream goes on, or begins anew for a reason: told before anything that it brings. */
  readonly onStream: (resumption: Resumption) => void;
  readonly onMessage: (message: Message, via: string) => void;
  /** One connection brought a message twice. Somebody who can resume does not see the second one. */
  readonly onTwice: (message: Message) => void;
  readonly onConnected: (url: string) => void;
  readonly onLost: (url: string) => void;
}

interface Opened {
  readonly url: string;
  readonly connection: HubConnection;
  readonly over: Promise<void>;
}

/**
 * Keeps a connection to the hub, on whichever replica is alive. It is to Node what `HubLink` is to the app, and made of the same parts: where it stands
 * in the log, what it drops, whom it tries next and when.
 */
export class Link {
  readonly #options: LinkOptions;
  readonly #position = new LogPosition();
  readonly #suspects = new Map<string, number>();
  readonly #end = new AbortController();
  #current: string;
  #opened: Opened | undefined;
  #running: Promise<void> | undefined;
  #waiting: (() => void)[] = [];
  /** Counts connections, so that the words of an old one can be told from those of the new one. */
  #generation = 0;
  #received = 0;
  #handedOn = 0;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#current = options.urls[0]!;
  }

  get isConnected(): boolean {
    return this.#opened !== undefined;
  }

  /** Where it is connected, or was last. */
  get url(): string {
    return this.#current;
  }

  /** Messages that came over the wire and were not handed on, because they had been seen or came over a connection that had been given up. */
  get filtered(): number {
    return this.#received - this.#handedOn;
  }

  start(): void {
    this.#running ??= this.#run().catch((error: unknown) => {
      if (!this.#end.signal.aborted) throw error;
    });
  }

  async stop(): Promise<void> {
    this.#end.abort();
    const ending = Promise.all([this.#opened?.connection.stop(), this.#running]);
    // A goodbye over a dead line is not waited for.
    await Promise.race([ending, delay(2_000, undefined, { ref: false })]);
  }

  async untilConnected(signal: AbortSignal): Promise<void> {
    while (!this.#opened) {
      signal.throwIfAborted();
      await new Promise<void>((resolve) => {
        const done = (): void => {
          signal.removeEventListener('abort', done);
          resolve();
        };
        signal.addEventListener('abort', done);
        this.#waiting.push(done);
      });
    }
    signal.throwIfAborted();
  }

  /** Calls the server; a call without an answer in ten seconds fails as unavailable. */
  async invoke<T>(method: string, ...args: readonly unknown[]): Promise<T> {
    const connection = this.#opened?.connection;
    if (!connection) throw new HubFault('unavailable', 'There is no connection at the moment.');
    const answered = new AbortController();
    const late = delay(callTimeout, undefined, { signal: answered.signal }).then(() => {
      throw new HubFault('unavailable', 'The server did not answer in time.');
    });
    late.catch(() => undefined);
    try {
      return await Promise.race([connection.invoke<T>(method, ...args), late]);
    } finally {
      answered.abort();
    }
  }

  async #run(): Promise<void> {
    const { signal } = this.#end;
    let queue: string[] = [];
    for (let attempt = 0, first = true; !signal.aborted; first = false) {
      if (queue.length === 0) queue = this.#order();
      if (!first) await delay(retryDelay(attempt), undefined, { signal });
      const url = queue.shift()!;
      const opened = await this.#open(url);
      if (!opened) {
        this.#suspects.set(url, Date.now());
        attempt++;
        continue;
      }
      attempt = 0;
      queue = [];
      this.#current = url;
      this.#suspects.delete(url);
      this.#opened = opened;
      this.#options.onConnected(url);
      for (const tell of this.#waiting.splice(0)) tell();
      await opened.over;
      this.#opened = undefined;
      this.#suspects.set(url, Date.now());
      this.#options.onLost(url);
    }
  }

  #order(): string[] {
    const now = Date.now();
    const suspects = [...this.#suspects].filter(([, since]) => now - since < suspectFor).map(([url]) => url);
    return candidates({ known: this.#options.urls, current: this.#current, preferred: null, suspects, spare: [] });
  }

  /** One attempt. Undefined when it failed or took too long. */
  async #open(url: string): Promise<Opened | undefined> {
    const generation = ++this.#generation;
    const { resumes, enter, onStream, onMessage } = this.#options;
    let answer!: () => void;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    let replayed = 0;
    // Where nothing can be resumed, calls may come before the answer, and the stream that begins with it has them.
    let early: Message[] | undefined = resumes ? [] : undefined;
    const hand = (message: Message, how: string): void => {
      this.#handedOn++;
      onMessage(message, `${how} over connection ${generation}`);
    };
    const connection = this.#build(url, {
      position: this.#position,
      ticket: this.#position.begin(),
      resumed: (resumption) => {
        onStream(resumption);
        for (const message of early ?? []) hand(message, 'early');
        early = undefined;
        answer();
      },
      // Told just before the call itself.
      replayed: () => replayed++,
    });
    connection.on('ReceiveMessage', (message: Message) => {
      if (generation !== this.#generation) return;
      if (early) early.push(message);
      else hand(message, replayed > 0 ? 'again' : 'live');
      replayed = 0;
    });
    // The client warns about what nobody listens to.
    for (const method of ['RoomAdded', 'RoomLeft', 'PersonEntered', 'PersonLeft', 'ReadMarkMoved'])
      connection.on(method, () => {
        replayed = 0;
      });
    connection.on(KEPT_BACK.target, () => {});
    const over = new Promise<void>((resolve) => connection.onclose(() => resolve()));
    if (!resumes) onStream({ resumed: false, replayed: 0, reason: 'plain' });

    const ready = connection.start().then(async () => {
      if (resumes) await Promise.race([answered, over.then(() => Promise.reject(new Error('It ended.')))]);
      else await enter(connection);
      return true;
    });
    const gaveUp = delay(ATTEMPT_TIMEOUT, false, { ref: false });
    if (await Promise.race([ready, gaveUp]).catch(() => false)) {
      this.#position.previous = connection.connectionId ?? '';
      return { url, connection, over };
    }
    ready.catch(() => undefined);
    void connection.stop().catch(() => undefined);
    return undefined;
  }

  #build(url: string, resume: ConstructorParameters<typeof ResumingProtocol>[1]): HubConnection {
    const { resumes, transport, accessToken, hasLog, onTwice } = this.#options;
    const watched = new WatchingProtocol(new JsonHubProtocol(), {
      hasLog,
      onMessage: () => this.#received++,
      onTwice: (message) => onTwice(message),
    });
    return new HubConnectionBuilder()
      .withUrl(`${url}/chatHub${resumes ? this.#query() : ''}`, { accessTokenFactory: accessToken, transport })
      .withHubProtocol(resumes ? new ResumingProtocol(watched, resume) : watched)
      .withServerTimeout(longestSilence)
      .withKeepAliveInterval(pingEvery)
      .configureLogging(LogLevel.None)
      .build();
  }

  #query(): string {
    const { cursor, previous } = this.#position;
    const query = new URLSearchParams({ cursor });
    if (previous) query.set('previous', previous);
    return `?${query}`;
  }
}
