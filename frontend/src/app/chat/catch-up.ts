import { Service, effect, inject, untracked } from '@angular/core';

import { ChatHub } from '../realtime/chat-hub';
import { Conversations } from './conversations';
import { Rooms } from './rooms';

/**
 * Keeps the room list and the rooms that are open complete over lost connections. A connection that goes on where the last one ended brings
 * what was missed by itself; after any other the list and the room in view are brought up to date over HTTP.
 */
@Service({ autoProvided: false })
export class CatchUp {
  private readonly link = inject(ChatHub).link;
  private readonly rooms = inject(Rooms);
  private readonly conversations = inject(Conversations);

  constructor() {
    effect(() => {
      if (this.link.freshStarts() > 0) untracked(() => void this.catchUp());
    });
    effect(() => {
      const replays = this.link.replays();
      if (replays && this.link.recovery()) untracked(() => this.link.caughtUp(replays.get('ReceiveMessage') ?? 0));
    });
  }

  private async catchUp(): Promise<void> {
    const [missed] = await Promise.all([this.rooms.load(), this.conversations.catchUp()]);
    if (missed !== null) this.link.caughtUp(missed);
  }
}
