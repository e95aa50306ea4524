import {
  HttpErrorResponse,
  HttpRequest,
  HttpResponse,
  provideHttpClient,
  withInterceptors,
} from '@angular/common/http';
import { EnvironmentProviders, Provider } from '@angular/core';
import { of, throwError } from 'rxjs';

import { OUTBOX_SHELF } from '../app/chat/outbox-shelf';
import { provideChat } from '../app/chat/provide-chat';
import { Message, Room } from '../app/realtime/chat-hub.contract';
import { provideIcons } from '../app/shell/icons';
import { FakeHub, hubException } from './fake-hub';
import { ANA, BRUNO, aMessage, signedInAs } from './samples';

/** Chat as a server would offer it to Ana: rooms and messages behind both HTTP and the hub, kept in memory. */
export class FakeChat {
  readonly hub = new FakeHub();
  readonly rooms = new Map<string, Room>();
  readonly messages = new Map<string, Message[]>();
  /** Paths asked for over HTTP, oldest first. */
  readonly asked: string[] = [];
  people = [
    { userId: ANA.id, userName: ANA.userName, isOnline: true },
    { userId: BRUNO.id, userName: BRUNO.userName, isOnline: false },
  ];
  /** Every HTTP call fails with this status; 0 stands for no answer. */
  failing: number | null = null;

  constructor(...rooms: Room[]) {
    for (const room of rooms) this.rooms.set(room.id, room);
    this.hub.answer('SendMessage', (roomId: string, text: string, clientMessageId: string) => {
      if (!this.rooms.get(roomId)?.isMember)
        throw hubException('SendMessage', 'not_a_member', 'You are not in this room.');
      return this.say(roomId, text, { userId: ANA.id, userName: ANA.userName, clientMessageId });
    });
    this.hub.answer('JoinRoom', (roomId: string) => this.change(roomId, { isMember: true }));
    this.hub.answer('LeaveRoom', (roomId: string) => {
      this.change(roomId, { isMember: false });
      this.hub.push('RoomLeft', { roomId });
    });
    this.hub.answer('MarkRead', () => undefined);
  }

  provide(): (Provider | EnvironmentProviders)[] {
    const shelf = { all: () => Promise.resolve([]), put: () => Promise.resolve(), remove: () => Promise.resolve() };
    return [
      provideHttpClient(withInterceptors([(request) => this.answer(request)])),
      provideIcons(),
      this.hub.provide(),
      signedInAs(),
      provideChat(),
      { provide: OUTBOX_SHELF, useValue: shelf },
    ];
  }

  /** Stores a message and tells everybody who is connected. */
  say(roomId: string, text: string, changes: Partial<Message> = {}): Message {
    const talk = this.messages.get(roomId) ?? [];
    const seq = (talk.at(-1)?.seq ?? 0) + 1;
    const message = aMessage(seq, {
      id: `${roomId}-${seq}`,
      roomId,
      text,
      clientMessageId: `${roomId}-c-${seq}`,
      ...changes,
    });
    this.messages.set(roomId, [...talk, message]);
    this.change(roomId, { lastMessage: message });
    this.hub.push('ReceiveMessage', message);
    return message;
  }

  change(roomId: string, changes: Partial<Room>): Room {
    const room = { ...this.rooms.get(roomId)!, ...changes };
    this.rooms.set(roomId, room);
    return room;
  }

  private answer(request: HttpRequest<unknown>) {
    this.asked.push(request.urlWithParams);
    if (this.failing !== null) return throwError(() => new HttpErrorResponse({ status: this.failing! }));
    const body = this.bodyFor(request);
    return body === null
      ? throwError(() => new HttpErrorResponse({ status: 404 }))
      : of(new HttpResponse({ status: 200, body }));
  }

  private bodyFor(request: HttpRequest<unknown>): unknown {
    const [, , part, id, what] = request.url.split('/');
    if (part === 'replicas') return [];
    if (part === 'rooms' && !id) {
      if (request.method === 'GET') return [...this.rooms.values()];
      const { name, isPrivate } = request.body as Room;
      const room: Room = {
        ...[...this.rooms.values()][0]!,
        id: `r-${name}`,
        name,
        isPrivate,
        isMember: true,
        lastMessage: null,
      };
      this.rooms.set(room.id, room);
      return room;
    }
    const room = this.rooms.get(id ?? '');
    if (!room) return null;
    if (what === 'people') return { people: this.people };
    if (what === 'messages') return this.page(id!, request);
    if (what === 'members') return {};
    return room;
  }

  private page(roomId: string, request: HttpRequest<unknown>) {
    const all = this.messages.get(roomId) ?? [];
    const limit = Number(request.params.get('limit'));
    const at = (name: string) => all.findIndex((message) => message.id === request.params.get(name));
    if (request.params.has('after')) {
      const start = at('after') + 1;
      return { messages: all.slice(start, start + limit), position: '', hasMore: start + limit < all.length };
    }
    const end = request.params.has('before') ? at('before') : all.length;
    return { messages: all.slice(Math.max(0, end - limit), end), position: '', hasMore: end > limit };
  }
}
