import { Provider } from '@angular/core';

import { ACCESS_TOKENS } from '../app/realtime/access-token';
import { ConnectionRequest, HUB_CONNECTOR, RawConnection, RawStream } from '../app/realtime/hub-connection';
import { Resumption } from '../app/realtime/log-position';

type Handler = (...args: never[]) => void;
type Answer = (...args: never[]) => unknown;

type StreamObserver = Parameters<RawStream<unknown>['subscribe']>[0];

/** A stream that the app has asked for and not ended. */
export interface FakeStream {
  readonly replica: string;
  readonly method: string;
  readonly args: readonly unknown[];
  readonly observer: StreamObserver;
}

export interface FakeCall {
  readonly replica: string;
  readonly method: string;
  readonly args: readonly unknown[];
}

/** What a server answers with `HubException("code: sentence")`, as the client library words it. */
export function hubException(method: string, code: string, sentence: string): Error {
  return new Error(
    `An unexpected error occurred invoking '${method}' on the server. HubException: ${code}: ${sentence}`,
  );
}

/**
 * Stands in for all replicas' hubs. Tests say which replicas are dead, how calls are answered, and what the server calls; the code under
 * test connects to it through the same door as to the real one.
 */
export class FakeHub {
  /** Replicas that refuse connections. */
  readonly dead = new Set<string>();
  /** Replicas that take a connection attempt and never answer. */
  readonly hanging = new Set<string>();
  /** Replicas that connect and then never answer to the position that a client presents. */
  readonly silent = new Set<string>();
  /** Replicas that connect, and answer to the position so many milliseconds later. */
  readonly late = new Map<string, number>();
  /** Everything the app called, oldest first. */
  readonly calls: FakeCall[] = [];
  /** Every attempt to connect, oldest first, by the replica's origin. */
  readonly attempts: string[] = [];
  /** The streams that are open, oldest first. */
  streams: readonly FakeStream[] = [];
  /** What those that connect are told: by default that they do not go on where they were. */
  resumption: Resumption = { resumed: false, replayed: 0, reason: 'trimmed' };
  tokenEndsAt = Number.MAX_SAFE_INTEGER;

  private readonly answers = new Map<string, Answer>();
  private open: FakeConnection[] = [];

  /** Put these into a test's providers. */
  provide(): Provider[] {
    return [
      { provide: HUB_CONNECTOR, useValue: (request: ConnectionRequest) => new FakeConnection(this, request) },
      { provide: ACCESS_TOKENS, useValue: { fresh: () => Promise.resolve('token'), endsAt: () => this.tokenEndsAt } },
    ];
  }

  /** How a method is answered from now on: with what `answer` returns, or the error that it throws. */
  answer(method: string, answer: Answer): void {
    this.answers.set(method, answer);
  }

  /** The server calls every connected client. */
  push(method: string, argument: unknown): void {
    for (const connection of this.open) connection.receive(method, argument);
  }

  /** The server calls every connected client with what it had missed. */
  replay(method: string, argument: unknown): void {
    for (const connection of this.open) {
      connection.request.replayed(method);
      connection.receive(method, argument);
    }
  }

  /** The server sends an item over every open stream of this name. */
  sendItem(method: string, item: unknown): void {
    for (const stream of this.streams.filter((stream) => stream.method === method)) stream.observer.next(item);
  }

  /** The replica dies: it loses its connections and takes no new ones. */
  kill(replica: string): void {
    this.dead.add(replica);
    this.dropAll((connection) => connection.request.replica === replica);
  }

  /** All connections are cut; new ones are taken. */
  drop(): void {
    this.dropAll(() => true);
  }

  get connected(): readonly string[] {
    return this.open.map((connection) => connection.request.replica);
  }

  callsOf(method: string): readonly FakeCall[] {
    return this.calls.filter((call) => call.method === method);
  }

  async start(connection: FakeConnection): Promise<void> {
    const { replica } = connection.request;
    this.attempts.push(replica);
    await connection.request.accessToken();
    if (this.hanging.has(replica)) await new Promise(() => undefined);
    if (this.dead.has(replica)) throw new Error('Failed to fetch');
    connection.request.transport('WebSockets');
    this.open.push(connection);
    connection.request.heard();
    const answer = () => connection.request.resumed(this.resumption);
    const late = this.late.get(replica);
    if (late !== undefined) setTimeout(answer, late);
    else if (!this.silent.has(replica)) answer();
  }

  async call(connection: FakeConnection, method: string, args: readonly unknown[]): Promise<unknown> {
    this.calls.push({ replica: connection.request.replica, method, args });
    const answer = this.answers.get(method);
    const result = await (answer as ((...args: unknown[]) => unknown) | undefined)?.(...args);
    connection.request.heard();
    return result;
  }

  forget(connection: FakeConnection): void {
    this.open = this.open.filter((other) => other !== connection);
  }

  private dropAll(which: (connection: FakeConnection) => boolean): void {
    for (const connection of this.open.filter(which)) connection.close();
  }
}

class FakeConnection implements RawConnection {
  readonly connectionId = 'fake';
  private readonly handlers = new Map<string, Handler[]>();
  private readonly closing: (() => void)[] = [];
  private readonly pending = new Set<(error: Error) => void>();

  constructor(
    private readonly hub: FakeHub,
    readonly request: ConnectionRequest,
  ) {}

  on(method: string, handler: Handler): void {
    this.handlers.set(method, [...(this.handlers.get(method) ?? []), handler]);
  }

  onclose(handler: () => void): void {
    this.closing.push(handler);
  }

  start(): Promise<void> {
    return this.hub.start(this);
  }

  stop(): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  invoke<T>(method: string, ...args: unknown[]): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.pending.add(reject);
      void this.hub
        .call(this, method, args)
        .then((result) => resolve(result as T), reject)
        .finally(() => this.pending.delete(reject));
    });
  }

  stream<T>(method: string, ...args: unknown[]): RawStream<T> {
    return {
      subscribe: (observer) => {
        const stream = { replica: this.request.replica, method, args, observer: observer as StreamObserver };
        this.hub.streams = [...this.hub.streams, stream];
        const dispose = () => {
          this.hub.streams = this.hub.streams.filter((other) => other !== stream);
        };
        this.closing.push(() => {
          if (!this.hub.streams.includes(stream)) return;
          dispose();
          observer.error(new Error('Invocation canceled due to the underlying connection being closed.'));
        });
        return { dispose };
      },
    };
  }

  receive(method: string, argument: unknown): void {
    this.request.heard();
    for (const handler of this.handlers.get(method) ?? []) (handler as (argument: unknown) => void)(argument);
  }

  close(): void {
    this.hub.forget(this);
    for (const reject of this.pending) {
      reject(new Error('Invocation canceled due to the underlying connection being closed.'));
    }
    this.pending.clear();
    for (const handler of this.closing.splice(0)) handler();
  }
}
