import { Service, inject } from '@angular/core';

import { Session } from '../accounts/session';
import { KEPT_STRINGS } from '../realtime/storage';

/** What was typed and not sent, by room; kept on this device until it is sent or emptied. */
@Service({ autoProvided: false })
export class Drafts {
  private readonly kept = inject(KEPT_STRINGS);
  private readonly userId = inject(Session).user()?.id ?? '';

  read(roomId: string): string {
    return this.kept.get(this.key(roomId)) ?? '';
  }

  keep(roomId: string, text: string): void {
    this.kept.set(this.key(roomId), text === '' ? null : text);
  }

  private key(roomId: string): string {
    return `draft.${this.userId}.${roomId}`;
  }
}
