import { InjectionToken } from '@angular/core';
import {
  HubConnectionBuilder,
  IHttpConnectionOptions,
  IHubProtocol,
  ILogger,
  JsonHubProtocol,
  LogLevel,
  HubMessage,
  TransferFormat,
} from '@microsoft/signalr';

import { LogPosition, Resumption } from './log-position';
import { KEPT_BACK, ResumingProtocol } from './resuming-protocol';

/** The server pings every few seconds; a link that says nothing for this long is dead, in milliseconds. */
export const LONGEST_SILENCE = 9_500;

/** How often the client pings, in milliseconds. */
const PING_EVERY = 4_000;

/** What a link needs from a connection: SignalR's own offers it, and so does the fake in tests. */
export interface RawConnection {
  on(method: string, handler: (...args: never[]) => void): void;
  onclose(handler: () => void): void;
  /** Its id, once it is made. */
  readonly connectionId: string | null;
  invoke<T>(method: string, ...args: unknown[]): Promise<T>;
  stream<T>(method: string, ...args: unknown[]): RawStream<T>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** A stream that the server sends once somebody subscribes, as SignalR's client offers it. */
export interface RawStream<T> {
  subscribe(observer: { next(item: T): void; error(error: unknown): void; complete(): void }): { dispose(): void };
}

export interface ConnectionRequest {
  /** The replica's origin. */
  readonly replica: string;
  /** The hub's path, with a leading slash. */
  readonly hub: string;
  readonly accessToken: () => Promise<string>;
  /** Where the client stands in the hub's log. */
  readonly position: LogPosition;
  /** What `position.begin()` gave for this connection. */
  readonly ticket: number;
  /** Called with the server's answer to the position, before anything else that it calls. */
  readonly resumed: (resumption: Resumption) => void;
  /** Called with the name of each replayed call, behind the answer. */
  readonly replayed: (method: string) => void;
  /** Called for everything that arrives, pings too. */
  readonly heard: () => void;
  /** Called with the name of each transport as it is tried; the last one is the one in use. */
  readonly transport: (name: string) => void;
}

export type HubConnector = (request: ConnectionRequest) => RawConnection;

/** Makes connections. Replaced by the fake hub in tests. */
export const HUB_CONNECTOR = new InjectionToken<HubConnector>('hub connector', {
  providedIn: 'root',
  factory: () => connectHub,
});

/**
 * One connection to one replica with SignalR's client. The URL and the protocol are made here and nowhere else: what has to be known
 * about every message, or told at connect, is added in `hubUrl` and `HeardProtocol`. The client's own reconnect is not used, because
 * it would return to the same replica.
 */
export const connectHub: HubConnector = (request) => {
  const connection = new HubConnectionBuilder()
    .withUrl(hubUrl(request), {
      accessTokenFactory: request.accessToken,
      // Hubs are entered with the token alone; cookies are not asked for on other origins.
      withCredentials: false,
      ...transports(request.transport),
    })
    .withHubProtocol(new HeardProtocol(new ResumingProtocol(new JsonHubProtocol(), request), request.heard))
    .withServerTimeout(LONGEST_SILENCE)
    .withKeepAliveInterval(PING_EVERY)
    .configureLogging(LogLevel.None)
    .build();
  connection.on(KEPT_BACK.target, () => undefined);
  return connection;
};

export function hubUrl({ replica, hub, position }: Pick<ConnectionRequest, 'replica' | 'hub' | 'position'>): string {
  const query = new URLSearchParams({ cursor: position.cursor });
  if (position.previous) query.set('previous', position.previous);
  return `${replica}${hub}?${query}`;
}

/** Passes everything through and tells that something came. */
class HeardProtocol implements IHubProtocol {
  readonly name: string;
  readonly version: number;
  readonly transferFormat: TransferFormat;

  constructor(
    private readonly inner: IHubProtocol,
    private readonly heard: () => void,
  ) {
    this.name = inner.name;
    this.version = inner.version;
    this.transferFormat = inner.transferFormat;
  }

  parseMessages(input: string | ArrayBuffer, logger: ILogger): HubMessage[] {
    this.heard();
    return this.inner.parseMessages(input, logger);
  }

  writeMessage(message: HubMessage): string | ArrayBuffer {
    return this.inner.writeMessage(message);
  }
}

/** The client takes these constructors from its options, as it must where a platform has none, but its typings leave them out. */
function transports(report: (name: string) => void): IHttpConnectionOptions {
  return {
    WebSocket: reporting(WebSocket, () => report('WebSockets')),
    EventSource: reporting(EventSource, () => report('Server-sent events')),
  } as IHttpConnectionOptions;
}

/** The same constructor, which tells when it is used: SignalR does not say which transport it settled on. */
function reporting<T extends new (...args: never[]) => object>(transport: T, used: () => void): T {
  return new Proxy(transport, {
    construct(target, args, newTarget) {
      used();
      return Reflect.construct(target, args, newTarget) as object;
    },
  });
}
