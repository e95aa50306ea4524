import { Provider } from '@angular/core';

import { CatchUp } from './catch-up';
import { ChatDialogs } from './chat-dialogs';
import { Conversations } from './conversations';
import { Drafts } from './drafts';
import { Outbox } from './outbox';
import { People } from './people';
import { Rooms } from './rooms';

/** Chat's stores. They belong to one signed-in person: provide them where that person's pages live, so that they end with the session. */
export function provideChat(): Provider[] {
  return [CatchUp, ChatDialogs, Conversations, Drafts, Outbox, People, Rooms];
}
