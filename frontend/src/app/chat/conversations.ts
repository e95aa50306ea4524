import { DestroyRef, Service, inject, signal } from '@angular/core';
import { Subscription } from 'rxjs';

import { ChatHub } from '../realtime/chat-hub';
import { ChatApi } from './chat-api';
import { Conversation } from './conversation';
import { Outbox } from './outbox';

/** Conversations kept in memory, the one in view among them; the one not seen for longest goes first. */
const MOST_KEPT = 8;

/** The conversations of the rooms that were looked at lately. */
@Service({ autoProvided: false })
export class Conversations {
  private readonly hub = inject(ChatHub);
  private readonly api = inject(ChatApi);
  private readonly outbox = inject(Outbox);

  /** In the order of last use. */
  private readonly kept = new Map<string, Conversation>();
  private readonly _shown = signal<Conversation | null>(null);

  /** The one in view. */
  readonly shown = this._shown.asReadonly();

  constructor() {
    const news = new Subscription();
    news.add(this.hub.receiveMessage.subscribe((message) => this.kept.get(message.roomId)?.receive(message)));
    news.add(this.outbox.accepted.subscribe((message) => this.kept.get(message.roomId)?.receive(message)));
    inject(DestroyRef).onDestroy(() => {
      news.unsubscribe();
      for (const conversation of this.kept.values()) conversation.close();
    });
  }

  /** Brings a room's conversation into view. */
  show(roomId: string): Conversation {
    const conversation = this.kept.get(roomId) ?? this.make(roomId);
    this.kept.delete(roomId);
    this.kept.set(roomId, conversation);
    this.forgetOldest();
    this._shown.set(conversation);
    void conversation.open();
    return conversation;
  }

  showNone(): void {
    this._shown.set(null);
  }

  /** The person is no longer in the room: what was read there is not kept. */
  forget(roomId: string): void {
    this.kept.get(roomId)?.close();
    this.kept.delete(roomId);
  }

  /** Fetches what was missed: now for the room in view, and for the others when they are looked at. */
  async catchUp(): Promise<void> {
    const shown = this._shown();
    for (const conversation of this.kept.values()) {
      if (conversation !== shown) conversation.markStale();
    }
    await shown?.catchUp();
  }

  private make(roomId: string): Conversation {
    return new Conversation(
      roomId,
      (where, limit) => this.api.messages(roomId, where, limit),
      (messages) => this.outbox.settle(messages),
    );
  }

  private forgetOldest(): void {
    for (const roomId of this.kept.keys()) {
      if (this.kept.size <= MOST_KEPT) return;
      this.forget(roomId);
    }
  }
}
