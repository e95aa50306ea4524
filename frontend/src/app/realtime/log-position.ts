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
  private last = '';
  private epoch = '';
  private offset = -1;
  private ticket = 0;
  /** The id of the last connection that was made; empty before the first. */
  previous = '';

  /** The last one received, as the server wrote it: empty before anything was received. */
  get cursor(): string {
    return this.last;
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
    [this.epoch, this.offset] = split(cursor);
    this.last = cursor;
  }

  /** Moves forward. False if that was passed before: the message is one that has been seen. */
  advance(cursor: string): boolean {
    const [epoch, offset] = split(cursor);
    if (epoch === this.epoch && offset <= this.offset) return false;
    [this.epoch, this.offset] = [epoch, offset];
    this.last = cursor;
    return true;
  }
}

/** A cursor is `epoch.tag.offset`, or `epoch.offset` where no record stands. Only the server looks at the tag. */
function split(cursor: string): [epoch: string, offset: number] {
  return [cursor.slice(0, cursor.indexOf('.')), Number(cursor.slice(cursor.lastIndexOf('.') + 1))];
}
