import { Message } from '../realtime/chat-hub.contract';
import { EntryState, OutboxEntry } from './outbox-entry';
import { startOfDay } from './times';

/** One message as it is shown: stored by the server, or still on its way. */
export interface Item {
  /** The same before and after the server has stored it, so that what is on the screen stays in place. */
  readonly key: string;
  /** The server's id; null while it is on its way. */
  readonly id: string | null;
  readonly text: string;
  /** In milliseconds since 1970. */
  readonly at: number;
  readonly state: EntryState | 'sent';
  /** The replica that accepted it; null while it is on its way. */
  readonly replica: string | null;
  /** What to act on while it is on its way. */
  readonly entry: OutboxEntry | null;
}

/** Consecutive messages of one author, shown under one name and time. */
export interface Group {
  readonly kind: 'group';
  readonly key: string;
  readonly userId: string;
  readonly userName: string;
  readonly mine: boolean;
  readonly at: number;
  readonly items: readonly Item[];
}

export interface DayLine {
  readonly kind: 'day';
  readonly key: string;
  /** Midnight of that day on this device, in milliseconds since 1970. */
  readonly day: number;
}

/** The line above the first message that is new to the reader. */
export interface NewLine {
  readonly kind: 'new';
  readonly key: 'new';
}

export type Block = Group | DayLine | NewLine;

/** A pause longer than this starts a new group, in milliseconds. */
const GROUP_PAUSE = 5 * 60_000;

export interface Shown {
  readonly messages: readonly Message[];
  /** Messages on their way in this room, in the order of writing; shown last. */
  readonly entries: readonly OutboxEntry[];
  readonly me: { readonly id: string; readonly userName: string };
  /** The id of the first new message. */
  readonly newBefore: string | null;
}

/** Puts a conversation into the blocks that it is shown as. */
export function blocksOf(shown: Shown): readonly Block[] {
  const blocks: Block[] = [];
  let day = NaN;
  let group: (Group & { items: Item[] }) | null = null;

  const add = (author: { id: string; userName: string }, item: Item) => {
    const itsDay = startOfDay(item.at);
    if (itsDay !== day) {
      day = itsDay;
      group = null;
      blocks.push({ kind: 'day', key: `day-${itsDay}`, day });
    }
    if (item.id !== null && item.id === shown.newBefore) {
      group = null;
      blocks.push({ kind: 'new', key: 'new' });
    }
    const previous = group?.items.at(-1);
    if (!group || group.userId !== author.id || !previous || item.at - previous.at > GROUP_PAUSE) {
      group = {
        kind: 'group',
        key: `group-${item.key}`,
        userId: author.id,
        userName: author.userName,
        mine: author.id === shown.me.id,
        at: item.at,
        items: [],
      };
      blocks.push(group);
    }
    group.items.push(item);
  };

  const there = new Set<string>();
  for (const message of shown.messages) {
    const key = keyOf(message.userId, message.clientMessageId, message.id);
    there.add(key);
    add(
      { id: message.userId, userName: message.userName },
      {
        key,
        id: message.id,
        text: message.text,
        at: Date.parse(message.sentAt),
        state: 'sent',
        replica: message.replica,
        entry: null,
      },
    );
  }
  for (const entry of shown.entries) {
    const key = keyOf(entry.userId, entry.clientMessageId, '');
    // For a moment it may be both: the answer is there and the entry is about to go.
    if (there.has(key)) continue;
    add(shown.me, { key, id: null, text: entry.text, at: entry.writtenAt, state: entry.state, replica: null, entry });
  }
  return blocks;
}

/** Client ids are unique within one author only; one that is missing is stood in for by the server's id. */
function keyOf(userId: string, clientMessageId: string, id: string): string {
  return clientMessageId ? `${userId}/${clientMessageId}` : id;
}
