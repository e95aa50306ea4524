import { Service, effect, inject, untracked } from '@angular/core';

import { ChatHub } from '../realtime/chat-hub';
import { Conversations } from './conversations';
import { Rooms } from './rooms';

/**
 * After every connection, brings the room list and the room in view up to date over HTTP: a new connection says nothing of what happened
 * before it. Until the server can resume a connection, this is what keeps anything from being missed.
 */
@Service({ autoProvided: false })
export class CatchUp {
  private readonly hub = inject(ChatHub);
  private readonly rooms = inject(Rooms);
  private readonly conversations = inject(Conversations);

  constructor() {
    effect(() => {
      if (this.hub.link.connections() > 0) untracked(() => void this.catchUp());
    });
  }

  private async catchUp(): Promise<void> {
    const [missed] = await Promise.all([this.rooms.load(), this.conversations.catchUp()]);
    if (missed !== null) this.hub.link.caughtUp(missed);
  }
}
