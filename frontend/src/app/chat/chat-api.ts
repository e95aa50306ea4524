import { HttpClient, HttpContext, HttpParams } from '@angular/common/http';
import { Service, inject } from '@angular/core';
import { Observable, firstValueFrom } from 'rxjs';

import { Message, Room } from '../realtime/chat-hub.contract';
import { REPEATABLE } from '../realtime/request-context';

/** The most rooms that one answer holds. */
export const MOST_LISTED = 200;

export interface MessagePage {
  readonly messages: readonly Message[];
  /** The cursor of the log, read before the messages. */
  readonly position: string;
  readonly hasMore: boolean;
}

export interface Person {
  readonly userId: string;
  readonly userName: string;
  readonly isOnline: boolean;
}

/** Which messages: the newest, or those next to a message id in one direction. */
export type Where = { readonly before: string } | { readonly after: string } | Record<string, never>;

/** Chat over HTTP. */
@Service()
export class ChatApi {
  private readonly http = inject(HttpClient);

  /** @param search A part of the name; without it, the first ones of all. */
  rooms(search = ''): Promise<Room[]> {
    const params = { limit: MOST_LISTED, ...(search ? { search } : {}) };
    return answer(this.http.get<Room[]>('/api/rooms', { params }));
  }

  room(id: string): Promise<Room> {
    return answer(this.http.get<Room>(roomPath(id)));
  }

  createRoom(name: string, isPrivate: boolean, clientRoomId: string): Promise<Room> {
    return answer(this.http.post<Room>('/api/rooms', { name, isPrivate, clientRoomId }, { context: repeatable() }));
  }

  addMember(roomId: string, userName: string): Promise<void> {
    return answer(this.http.post<void>(`${roomPath(roomId)}/members`, { userName }, { context: repeatable() }));
  }

  /** @param limit 1 to 100. */
  messages(roomId: string, where: Where, limit: number): Promise<MessagePage> {
    const params = new HttpParams({ fromObject: { ...where, limit } });
    return answer(this.http.get<MessagePage>(`${roomPath(roomId)}/messages`, { params }));
  }
}

export function roomPath(id: string): string {
  return `/api/rooms/${encodeURIComponent(id)}`;
}

/** The server knows a repeat of these and does nothing twice. */
function repeatable(): HttpContext {
  return new HttpContext().set(REPEATABLE, true);
}

function answer<T>(call: Observable<T>): Promise<T> {
  return firstValueFrom(call);
}
