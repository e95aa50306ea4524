import { HubMessage, IHubProtocol, ILogger, MessageType, TransferFormat } from '@microsoft/signalr';

import { LogPosition, Resumption } from './log-position';

/**
 * A hub protocol that keeps the position in the log: it reads the `cursor` header of each call before the application sees the call, and keeps
 * back what has been seen already. Position and message are one frame, so the application gets each message once.
 */
export class ResumingProtocol implements IHubProtocol {
  readonly name: string;
  readonly version: number;
  readonly transferFormat: TransferFormat;

  private readonly inner: IHubProtocol;
  private readonly position: LogPosition;
  private readonly ticket: number;
  private readonly resumed: (resumption: Resumption) => void;

  /**
   * @param inner Reads and writes the messages.
   * @param position Shared by all connections to the hub.
   * @param ticket What `position.begin()` gave for this connection.
   * @param resumed Told the server's answer, before any other call of this connection.
   */
  constructor(
    inner: IHubProtocol,
    position: LogPosition,
    ticket: number,
    resumed: (resumption: Resumption) => void,
  ) {
    this.inner = inner;
    this.name = inner.name;
    this.version = inner.version;
    this.transferFormat = inner.transferFormat;
    this.position = position;
    this.ticket = ticket;
    this.resumed = resumed;
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
    if (!this.position.holds(this.ticket)) return false;
    if (message.target === 'Resumed') {
      this.position.reset(cursor);
      this.resumed(message.arguments[0] as Resumption);
      return false;
    }
    return this.position.advance(cursor) && message.target !== 'Cursor';
  }
}
