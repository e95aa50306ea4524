import type { HubMessage, IHubProtocol, ILogger, InvocationMessage } from '@microsoft/signalr';
import { LogPosition } from '../../frontend/src/app/realtime/log-position.ts';
import type { Message } from '../fixtures/wire.ts';

export interface Watch {
  /** Whether the backplane is a log, so that every call has a cursor. */
  readonly hasLog: boolean;
  /** A chat message came over the wire. */
  readonly onMessage: () => void;
  /** It came over this connection before. */
  readonly onTwice: (message: Message) => void;
}

/**
 * Passes everything through and looks at each chat message on its way, before anything that came before is kept back: what the server sends twice
 * over one connection is a fault of the server, even if the client makes it good.
 */
export class WatchingProtocol implements IHubProtocol {
  readonly name: string;
  readonly version: number;
  readonly transferFormat: IHubProtocol['transferFormat'];
  readonly #inner: IHubProtocol;
  readonly #watch: Watch;
  readonly #position = new LogPosition();

  constructor(inner: IHubProtocol, watch: Watch) {
    this.#inner = inner;
    this.#watch = watch;
    this.name = inner.name;
    this.version = inner.version;
    this.transferFormat = inner.transferFormat;
  }

  parseMessages(input: string | ArrayBuffer, logger: ILogger): HubMessage[] {
    const messages = this.#inner.parseMessages(input, logger);
    for (const message of messages) {
      if ('target' in message && message.target === 'ReceiveMessage') this.#look(message as InvocationMessage);
    }
    return messages;
  }

  writeMessage(message: HubMessage): string | ArrayBuffer {
    return this.#inner.writeMessage(message);
  }

  #look({ headers, arguments: [message] }: InvocationMessage): void {
    this.#watch.onMessage();
    const cursor = headers?.['cursor'];
    // Without a log nothing tells a second sending but the message itself; that is left to whoever gets it.
    if (!this.#watch.hasLog) return;
    if (cursor === undefined) throw new Error('A call came without a cursor.');
    if (!this.#position.advance(cursor)) this.#watch.onTwice(message as Message);
  }
}
