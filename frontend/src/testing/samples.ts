import { Provider, signal } from '@angular/core';

import { Session } from '../app/accounts/session';
import { User } from '../app/accounts/user';
import { Message, Room } from '../app/realtime/chat-hub.contract';

export const ANA: User = { id: 'u-ana', userName: 'Ana', roles: [] };
export const BRUNO: User = { id: 'u-bruno', userName: 'Bruno', roles: [] };

/** Noon on this device, so that minutes before and after are on the same day. */
export const NOON = new Date(2026, 10, 20, 12).getTime();

/** Message number `seq` of a room, by Bruno unless said otherwise, one minute after the one before. */
export function aMessage(seq: number, changes: Partial<Message> = {}): Message {
  return {
    id: `m-${seq}`,
    roomId: 'r-lobby',
    seq,
    userId: BRUNO.id,
    userName: BRUNO.userName,
    text: `message ${seq}`,
    sentAt: new Date(NOON + seq * 60_000).toISOString(),
    clientMessageId: `c-${seq}`,
    replica: 'replica-5001',
    ...changes,
  };
}

/** Messages `from` to `to`, both included. */
export function messages(from: number, to: number): Message[] {
  return Array.from({ length: to - from + 1 }, (_, index) => aMessage(from + index));
}

export function mine(seq: number, changes: Partial<Message> = {}): Message {
  return aMessage(seq, { userId: ANA.id, userName: ANA.userName, ...changes });
}

export function aRoom(changes: Partial<Room> = {}): Room {
  return {
    id: 'r-lobby',
    name: 'lobby',
    isPrivate: false,
    isMember: true,
    memberCount: 2,
    unread: 0,
    readSeq: 0,
    createdAt: new Date(NOON).toISOString(),
    lastMessage: null,
    ...changes,
  };
}

/** Somebody is signed in and stays so. */
export function signedInAs(user: User = ANA): Provider {
  return {
    provide: Session,
    useValue: {
      user: signal(user),
      signedIn: signal(true),
      phase: signal('signed-in'),
      endsAt: signal(Number.MAX_SAFE_INTEGER),
      start: () => Promise.resolve(),
      accessToken: () => Promise.resolve('token'),
      signOut: () => Promise.resolve(),
    },
  };
}

/** Lets everything that is ready to run do so: promises, effects, zero-length timers. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setTimeout(resolve));
}

/** Waits until something is so; fails after five seconds with what was waited for. */
export async function until(what: string, isSo: () => unknown): Promise<void> {
  const end = Date.now() + 5_000;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`Waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
