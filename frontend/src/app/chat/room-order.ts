import { MOST_UNREAD, Message, Room } from '../realtime/chat-hub.contract';

export type RoomsById = Readonly<Record<string, Room>>;

/** Rooms the person is in, the one with the latest news first. */
export function joinedRooms(rooms: RoomsById): readonly Room[] {
  return Object.values(rooms)
    .filter((room) => room.isMember)
    .sort((a, b) => latest(b).localeCompare(latest(a)) || byName(a, b));
}

/** Public rooms the person could join, by name. */
export function otherRooms(rooms: RoomsById): readonly Room[] {
  return Object.values(rooms)
    .filter((room) => !room.isMember && !room.isPrivate)
    .sort(byName);
}

/** Rooms whose name contains what was typed, without regard to case or accents; those that start with it first. */
export function matching(rooms: readonly Room[], typed: string): readonly Room[] {
  const wanted = plain(typed.trim());
  if (!wanted) return rooms;
  const hits = rooms.filter((room) => plain(room.name).includes(wanted));
  const starts = (room: Room) => plain(room.name).startsWith(wanted);
  return [...hits.filter(starts), ...hits.filter((room) => !starts(room))];
}

/**
 * Adds or replaces a room. News that is made for everybody cannot know who is a member, has read what, or saw which message last, so it
 * never takes any of that away: leaving has its own news.
 */
export function withRoom(rooms: RoomsById, room: Room): RoomsById {
  const known = rooms[room.id];
  const merged = known
    ? {
        ...room,
        isMember: room.isMember || known.isMember,
        unread: room.isMember ? room.unread : known.unread,
        readSeq: room.isMember ? room.readSeq : known.readSeq,
        lastMessage: newer(room.lastMessage, known.lastMessage),
      }
    : room;
  return { ...rooms, [room.id]: merged };
}

/** A message arrived in a room. `counts` says whether it is unread: it is someone else's, and nobody is looking. */
export function withMessage(rooms: RoomsById, message: Message, counts: boolean): RoomsById {
  const room = rooms[message.roomId];
  if (!room || (room.lastMessage && room.lastMessage.seq >= message.seq)) return rooms;
  const unread = counts ? Math.min(MOST_UNREAD, room.unread + 1) : room.unread;
  return { ...rooms, [room.id]: { ...room, lastMessage: message, unread } };
}

/** How many messages there are in rooms now that were not known before, others' and own. */
export function missedBetween(before: RoomsById, after: RoomsById): number {
  return Object.values(after).reduce((sum, room) => {
    const known = before[room.id];
    if (!known?.isMember || !room.isMember) return sum;
    return sum + Math.max(0, (room.lastMessage?.seq ?? 0) - (known.lastMessage?.seq ?? 0));
  }, 0);
}

function newer(a: Message | null, b: Message | null): Message | null {
  return (a?.seq ?? 0) >= (b?.seq ?? 0) ? a : b;
}

function latest(room: Room): string {
  return room.lastMessage?.sentAt ?? room.createdAt;
}

function byName(a: Room, b: Room): number {
  return a.name.localeCompare(b.name);
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();
}
