import { Service } from '@angular/core';
import { Observable, Subject, filter, share } from 'rxjs';

import { ChatClient, Message, Room } from './chat-hub.contract';
import { HubLink } from './hub-link';

/** Messages remembered, so that one that comes again is known. */
const MOST_REMEMBERED = 1_000;

/** The one door to `/chatHub`. Calls fail with a `HubFault`. */
@Service()
export class ChatHub {
  readonly link = new HubLink('/chatHub');

  private readonly received = new Set<string>();

  /** Each message once, also over a backplane that brings some of them again. */
  readonly receiveMessage = this.from('ReceiveMessage').pipe(
    filter(({ id }) => this.isNew(id)),
    share(),
  );
  readonly roomAdded = this.from('RoomAdded');
  readonly roomLeft = this.from('RoomLeft');
  readonly personEntered = this.from('PersonEntered');
  readonly personLeft = this.from('PersonLeft');
  readonly readMarkMoved = this.from('ReadMarkMoved');

  /** Becomes a member; on all devices and replicas, until left. */
  joinRoom(roomId: string): Promise<Room> {
    return this.link.invoke('JoinRoom', roomId);
  }

  leaveRoom(roomId: string): Promise<void> {
    return this.link.invoke('LeaveRoom', roomId);
  }

  /** Repeating it with the same `clientMessageId` returns the first message and sends nothing twice. */
  sendMessage(roomId: string, text: string, clientMessageId: string): Promise<Message> {
    return this.link.invoke('SendMessage', roomId, text, clientMessageId);
  }

  /** Moves the read mark forward to a message; never back. */
  markRead(roomId: string, messageId: string): Promise<void> {
    return this.link.invoke('MarkRead', roomId, messageId);
  }

  private isNew(messageId: string): boolean {
    if (this.received.has(messageId)) return false;
    this.received.add(messageId);
    for (const oldest of this.received) {
      if (this.received.size <= MOST_REMEMBERED) break;
      this.received.delete(oldest);
    }
    return true;
  }

  private from<M extends keyof ChatClient>(method: M): Observable<ChatClient[M]> {
    const calls = new Subject<ChatClient[M]>();
    this.link.on(method, (argument: ChatClient[M]) => calls.next(argument));
    return calls.asObservable();
  }
}
