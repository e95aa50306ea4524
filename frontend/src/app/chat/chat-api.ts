import { HttpClient, HttpParams } from '@angular/common/http';
import { Service, inject } from '@angular/core';
import { Observable, firstValueFrom } from 'rxjs';

import { Message, Room } from '../realtime/chat-hub.contract';

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

  rooms(): Promise<Room[]> {
    return answer(this.http.get<Room[]>('/api/rooms', { params: { limit: 200 } }));
  }

  room(id: string): Promise<Room> {
    return answer(this.http.get<Room>(roomPath(id)));
  }

  createRoom(name: string, isPrivate: boolean): Promise<Room> {
    return answer(this.http.post<Room>('/api/rooms', { name, isPrivate }));
  }

  addMember(roomId: string, userName: string): Promise<void> {
    return answer(this.http.post<void>(`${roomPath(roomId)}/members`, { userName }));
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

function answer<T>(call: Observable<T>): Promise<T> {
  return firstValueFrom(call);
}
