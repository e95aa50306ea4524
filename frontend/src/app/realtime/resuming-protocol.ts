import { type HubMessage, type IHubProtocol, type ILogger, MessageType, type TransferFormat } from '@microsoft/signalr';

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
 * A hub protocol that keeps the position in the log: it reads the `cursor` header of each call before the application sees the call, and keeps
 * back what has been seen already. Position and message are one frame, so the application gets each message once.
 */
export class ResumingProtocol implements IHubProtocol {
  readonly name: string;
  readonly version: number;
  readonly transferFormat: TransferFormat;

  private readonly inner: IHubProtocol;
  private readonly resume: Resume;
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
    return this.inner.parseMessages(input, logger).filter((message) => this.isForTheApplication(message));
  }

  writeMessage(message: HubMessage): string | ArrayBuffer {
    return this.inner.writeMessage(message);
  }

  private isForTheApplication(message: HubMessage): boolean {
    if (message.type !== MessageType.Invocation) return true;
    const cursor = message.headers?.['cursor'];
    if (cursor === undefined) return true;
    // The connection has been replaced; the new one is told all of this again.
    const { position, ticket, resumed, replayed } = this.resume;
    if (!position.holds(ticket)) return false;
    if (message.target === 'Resumed') {
      const resumption = message.arguments[0] as Resumption;
      position.reset(cursor);
      this.left = resumption.replayed;
      resumed(resumption);
      return false;
    }
    if (!position.advance(cursor) || message.target === 'Cursor') return false;
    if (this.left > 0) {
      this.left--;
      replayed(message.target);
    }
    return true;
  }
}
