/** `waiting`: not tried yet, or to be tried again by itself. `failed`: only the person can decide what to do. */
export type EntryState = 'waiting' | 'sending' | 'failed';

/** A message on its way. */
export interface OutboxEntry {
  readonly clientMessageId: string;
  readonly userId: string;
  readonly roomId: string;
  readonly text: string;
  /** When it was written, in milliseconds since 1970; rises within a room, also when two are written in one millisecond. */
  readonly writtenAt: number;
  readonly state: EntryState;
  /** How often it was handed to a server. Above 0 the server may have it, although no answer came. */
  readonly attempts: number;
  /** Why it failed, for a person. */
  readonly reason: string | null;
}

/** The next one to send in a room, in the order of writing. Failed ones do not hold up those behind them. */
export function nextToSend(entries: readonly OutboxEntry[], roomId: string): OutboxEntry | null {
  const waiting = entries.filter((entry) => entry.roomId === roomId && entry.state === 'waiting');
  return waiting.reduce<OutboxEntry | null>(
    (first, entry) => (first && first.writtenAt <= entry.writtenAt ? first : entry),
    null,
  );
}

/**
 * What to show after the stored entries were read again. This tab knows better about its own: what it is sending right now, what it wrote
 * and may not have stored yet (`mine`), and what it knows to be done (`gone`), whatever the storage said a moment ago.
 */
export function reconcile(
  stored: readonly OutboxEntry[],
  shown: readonly OutboxEntry[],
  mine: ReadonlySet<string>,
  gone: ReadonlySet<string>,
): readonly OutboxEntry[] {
  const known = new Map(shown.map((entry) => [entry.clientMessageId, entry]));
  const own = shown.filter((entry) => mine.has(entry.clientMessageId));
  const others = stored
    .filter((entry) => !mine.has(entry.clientMessageId) && !gone.has(entry.clientMessageId))
    .map((entry) => {
      const here = known.get(entry.clientMessageId);
      return here?.state === 'sending' ? here : entry;
    });
  return [...own, ...others].sort((a, b) => a.writtenAt - b.writtenAt);
}
