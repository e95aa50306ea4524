/** The answer to a connection that wants to resume. */
export interface Resumption {
  /** True if everything missed follows; false if the snapshot has to be loaded again. */
  readonly resumed: boolean;
  /** How many missed messages follow. */
  readonly replayed: number;
  /** Why not: `new`, `trimmed`, `epoch`, `invalid` or `unsupported`; null if resumed. */
  readonly reason: string | null;
  /** What connects the replicas, if `unsupported`: `microsoft`, `azure` or `none`. */
  readonly backplane?: string;
}

/**
 * Where this client stands in a hub's log, across all of its connections, one after the other. Each connection takes a ticket; what a connection
 * brings after the next one has taken its ticket is not looked at: the next one brings it again.
 */
export class LogPosition {
  private epoch = '';
  private offset = -1;
  private ticket = 0;
  /** The id of the last connection that was made; empty before the first. */
  previous = '';

  /** As the server wants it: empty before anything was received. */
  get cursor(): string {
    return this.epoch ? `${this.epoch}.${this.offset}` : '';
  }

  /** Begins a connection, and ends what came before it. */
  begin(): number {
    return ++this.ticket;
  }

  /** Whether this ticket's connection is the last one that was begun. */
  holds(ticket: number): boolean {
    return ticket === this.ticket;
  }

  /** Stands here from now on: what the server says at the beginning of a connection. */
  reset(cursor: string): void {
    const [epoch, offset] = split(cursor);
    this.epoch = epoch;
    this.offset = offset;
  }

  /** Moves forward. False if that was passed before: the message is one that has been seen. */
  advance(cursor: string): boolean {
    const [epoch, offset] = split(cursor);
    if (epoch === this.epoch && offset <= this.offset) return false;
    this.epoch = epoch;
    this.offset = offset;
    return true;
  }
}

function split(cursor: string): [epoch: string, offset: number] {
  const dot = cursor.lastIndexOf('.');
  return [cursor.slice(0, dot), Number(cursor.slice(dot + 1))];
}
