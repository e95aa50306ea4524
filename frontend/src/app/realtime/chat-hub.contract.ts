/** A message as the server stores it. `seq` counts 1, 2, 3, … in its room without a hole and orders the conversation. */
export interface Message {
  readonly id: string;
  readonly roomId: string;
  readonly seq: number;
  readonly userId: string;
  readonly userName: string;
  readonly text: string;
  /** ISO 8601 in UTC. */
  readonly sentAt: string;
  /** Made by the sender, unique among that sender's messages. */
  readonly clientMessageId: string;
  /** The replica that accepted it. */
  readonly replica: string;
}

export interface Room {
  readonly id: string;
  readonly name: string;
  readonly isPrivate: boolean;
  readonly isMember: boolean;
  readonly memberCount: number;
  /** Messages of others after the person's read mark, at most 100. */
  readonly unread: number;
  /** `seq` of the last message the person has read, 0 for none; null for somebody who is not a member. */
  readonly readSeq: number | null;
  readonly createdAt: string;
  readonly lastMessage: Message | null;
}

export interface RoomLeft {
  readonly roomId: string;
}

export interface PersonEntered {
  readonly roomId: string;
  readonly userId: string;
  readonly userName: string;
  readonly isOnline: boolean;
}

export interface PersonLeft {
  readonly roomId: string;
  readonly userId: string;
  readonly userName: string;
  /** True when the person only went offline. */
  readonly isMember: boolean;
}

export interface ReadMarkMoved {
  readonly roomId: string;
  readonly messageId: string;
  /** Of two marks the one with the higher number holds. */
  readonly seq: number;
  readonly unread: number;
}

/** What the server calls, by the names on the wire. */
export interface ChatClient {
  ReceiveMessage: Message;
  RoomAdded: Room;
  RoomLeft: RoomLeft;
  PersonEntered: PersonEntered;
  PersonLeft: PersonLeft;
  ReadMarkMoved: ReadMarkMoved;
}

/** The longest text of a message, in UTF-16 code units, after white space at both ends is cut. */
export const LONGEST_TEXT = 4_000;

/** `Room.unread` stops counting here. */
export const MOST_UNREAD = 100;
