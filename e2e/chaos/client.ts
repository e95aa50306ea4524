import { setTimeout as delay } from 'node:timers/promises';
import { HttpTransportType } from '@microsoft/signalr';
import type { Resumption } from '../../frontend/src/app/realtime/log-position.ts';
import { retryDelay } from '../../frontend/src/app/realtime/reconnect-policy.ts';
import type { Account } from '../fixtures/account.ts';
import type { Message, Room } from '../fixtures/wire.ts';
import type { Checker } from './checker.ts';
import { Lane } from './lane.ts';
import { Link } from './link.ts';
import type { Pace } from './pace.ts';
import { Pages } from './pages.ts';
import { Pass } from './pass.ts';

export interface ClientOptions {
  readonly name: string;
  readonly account: Account;
  /** All that it is a member of. */
  readonly rooms: readonly Room[];
  /** Where it finds the replicas, the one to begin with first. */
  readonly urls: readonly string[];
  /** Whether the backplane is a log. */
  readonly hasLog: boolean;
  readonly resumes: boolean;
  readonly transport: HttpTransportType;
  readonly checker: Checker;
  readonly pace: Pace;
  readonly events: ClientEvents;
}

export interface ClientEvents {
  /** The server has accepted a message. */
  accepted(): void;
  /** A client's stream goes on, or begins anew. */
  stream(client: string, resumption: Resumption): void;
  link(client: string, what: 'connected' | 'lost', url: string): void;
}

/**
 * Somebody who talks and listens in some rooms, as the app does: it resumes on whichever replica is alive, and loads from the database what lies
 * between when the server says that it cannot resume. Then only; what a resumed connection leaves out stays missing until it is told to load
 * again.
 */
export class Client {
  readonly name: string;
  readonly rooms: readonly Room[];
  readonly pages: Pages;
  readonly #options: ClientOptions;
  readonly #link: Link;
  readonly #lanes: readonly Lane[];
  readonly #end = new AbortController();
  /** The last message before which nothing is missing, by room: what follows it is loaded. */
  readonly #last = new Map<string, Message>();
  /** Those that came beyond a hole. */
  readonly #beyond = new Map<string, Map<number, Message>>();
  #isStale = false;
  #loading: Promise<void> | undefined;

  constructor(options: ClientOptions) {
    this.name = options.name;
    this.rooms = options.rooms;
    this.#options = options;
    const { account, urls, checker, pace, hasLog, resumes, transport, events } = options;
    const pass = new Pass(account, urls);
    const accessToken = (): Promise<string> => pass.fresh();
    this.pages = new Pages(urls, accessToken);
    for (const { id } of this.rooms) this.#beyond.set(id, new Map());
    this.#link = new Link({
      urls,
      accessToken,
      hasLog,
      resumes,
      transport,
      enter: (connection) => connection.invoke('JoinRoom', this.rooms[0]!.id),
      onStream: (resumption) => this.#begin(resumption),
      onMessage: (message, via) => {
        checker.deliver(this.name, message, via);
        this.#keep(message);
      },
      // A plain client is handed the second one too; there the checker sees for itself.
      onTwice: (message) => resumes && checker.twice(this.name, message),
      onConnected: (url) => {
        events.link(this.name, 'connected', url);
        if (this.#isStale) this.#load();
      },
      onLost: (url) => events.link(this.name, 'lost', url),
    });
    const lane = { client: this.name, userId: account.user.id, link: this.#link, pace, checker };
    this.#lanes = this.rooms.map(({ id }) => new Lane({ ...lane, roomId: id, onAccepted: () => events.accepted() }));
  }

  get isConnected(): boolean {
    return this.#link.isConnected;
  }

  get filtered(): number {
    return this.#link.filtered;
  }

  get retries(): number {
    return this.#lanes.reduce((sum, lane) => sum + lane.retries, 0);
  }

  start(): void {
    this.#link.start();
  }

  /** Talks in all of its rooms until `enough`; what is unanswered then is seen through. */
  async talk(enough: AbortSignal, signal: AbortSignal): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.talk(enough, signal)));
  }

  /** Says one more message in each room. */
  async sayOnce(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.say(signal)));
  }

  async stop(): Promise<void> {
    this.#end.abort();
    await this.#link.stop();
    await this.#loading;
  }

  /** Loads what is missing, as somebody does who loads the page again: this backplane brings it no more. */
  loadAgain(): void {
    this.#isStale = true;
    this.#load();
  }

  #begin(resumption: Resumption): void {
    this.#options.events.stream(this.name, resumption);
    if (resumption.resumed) return;
    this.#options.checker.begin(this.name, `stream begins (${resumption.reason})`);
    this.#isStale = true;
  }

  /** One at a time; a stream that begins meanwhile is seen to afterwards. */
  #load(): void {
    this.#loading ??= this.#loadAll().finally(() => (this.#loading = undefined));
  }

  async #loadAll(): Promise<void> {
    const { signal } = this.#end;
    for (let attempt = 0; this.#isStale && !signal.aborted;) {
      this.#isStale = false;
      try {
        for (const { id } of this.rooms) await this.#loadRoom(id);
        attempt = 0;
      } catch {
        this.#isStale = true;
        await delay(retryDelay(attempt++), undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async #loadRoom(roomId: string): Promise<void> {
    const last = this.#last.get(roomId);
    if (!last) return this.#take(roomId, await this.pages.all(roomId, this.#link.url));
    for await (const page of this.pages.after(roomId, last, this.#link.url)) this.#take(roomId, page);
  }

  #take(roomId: string, page: readonly Message[]): void {
    const { checker } = this.#options;
    for (const message of page) {
      if (message.seq <= checker.complete(this.name, roomId)) continue;
      checker.load(this.name, message);
      this.#keep(message);
    }
  }

  #keep(message: Message): void {
    const waiting = this.#beyond.get(message.roomId);
    let last = this.#last.get(message.roomId);
    if (!waiting || message.seq <= (last?.seq ?? 0)) return;
    waiting.set(message.seq, message);
    for (let next; (next = waiting.get((last?.seq ?? 0) + 1)); last = next) waiting.delete(next.seq);
    if (last) this.#last.set(message.roomId, last);
  }
}
