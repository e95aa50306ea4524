import {
  type HubMessage,
  type IHubProtocol,
  type ILogger,
  type InvocationMessage,
  MessageType,
  type TransferFormat,
} from '@microsoft/signalr';

import type { LogPosition, Resumption } from './log-position';

/** How a connection resumes. */
export interface Resume {
  /** Shared by all connections to the hub. */
  readonly position: LogPosition;
  /** What `position.begin()` gave for this connection. */
  readonly ticket: number;
  /** Told the server's answer, before any other call of this connection. */
  readonly resumed: (resumption: Resumption) => void;
  /** Told the name of each replayed call, behind the answer. */
  readonly replayed: (method: string) => void;
}

/**
 * What stands for a call that is kept back. SignalR's stateful reconnect counts what arrives on either side: a call that was left out altogether would
 * make it skip a later one. Nothing needs to be done for it.
 */
export const KEPT_BACK: InvocationMessage = { type: MessageType.Invocation, target: 'Cursor', arguments: [] };

/**
 * A hub protocol that keeps the position in the log: it reads the `cursor` header of each call before the application sees the call, and keeps
 * back what has been seen already. Position and message are one frame, so the application gets each message once.
 */
export class ResumingProtocol implements IHubProtocol {
  readonly name: string;
  readonly version: number;
  readonly transferFormat: TransferFormat;

  private readonly inner: IHubProtocol;
  private readonly resume: Resume;
  private isAnswered = false;
  private left = 0;

  /** @param inner Reads and writes the messages. */
  constructor(inner: IHubProtocol, resume: Resume) {
    this.inner = inner;
    this.name = inner.name;
    this.version = inner.version;
    this.transferFormat = inner.transferFormat;
    this.resume = resume;
  }

  parseMessages(input: string | ArrayBuffer, logger: ILogger): HubMessage[] {
    const messages = this.inner.parseMessages(input, logger);
    return messages.map((message) => (this.isForTheApplication(message) ? message : KEPT_BACK));
  }

  writeMessage(message: HubMessage): string | ArrayBuffer {
    return this.inner.writeMessage(message);
  }

  private isForTheApplication(message: HubMessage): boolean {
    if (message.type !== MessageType.Invocation) return true;
    const cursor = message.headers?.['cursor'];
    if (message.target === 'Resumed') {
      this.begin(message.arguments[0] as Resumption, cursor ?? '');
      return false;
    }
    // Nothing of a backplane without a log has a cursor.
    if (cursor === undefined) return true;
    // The connection has been replaced; the new one is told all of this again.
    const { position, ticket, replayed } = this.resume;
    if (!position.holds(ticket)) return false;
    if (!position.advance(cursor) || message.target === 'Cursor') return false;
    if (this.left > 0) {
      this.left--;
      replayed(message.target);
    }
    return true;
  }

  /** Takes the answer. Without a cursor there is no log to stand in: the next connection begins anew as well. */
  private begin(resumption: Resumption, cursor: string): void {
    const { position, ticket, resumed } = this.resume;
    // Stateful reconnect sends again what it does not know to have arrived.
    if (!position.holds(ticket) || this.isAnswered) return;
    this.isAnswered = true;
    position.reset(cursor);
    this.left = resumption.replayed;
    resumed(resumption);
  }
}
