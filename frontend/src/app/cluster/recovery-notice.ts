import { DestroyRef, Service, effect, inject, untracked } from '@angular/core';
import { MatSnackBar, MatSnackBarRef, TextOnlySnackBar } from '@angular/material/snack-bar';

import { ChatHub } from '../realtime/chat-hub';
import { Recovery } from '../realtime/link-state';
import { recoverySentence } from './link-words';

/** How long to wait for the number of messages caught up before saying it without, in milliseconds. */
const WAIT_FOR_COUNT = 3_000;

/** How long the notice stays, in milliseconds. */
const SHOWN_FOR = 8_000;

/** Says, once, what became of a lost connection. */
@Service({ autoProvided: false })
export class RecoveryNotice {
  private readonly link = inject(ChatHub).link;
  private readonly snackBar = inject(MatSnackBar);

  private told = 0;
  private notice: MatSnackBarRef<TextOnlySnackBar> | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    effect(() => {
      const recovery = this.link.recovery();
      if (!recovery || recovery.at === this.told) return;
      clearTimeout(this.timer);
      if (recovery.missed !== null) untracked(() => this.tell(recovery));
      else this.timer = setTimeout(() => this.tell(recovery), WAIT_FOR_COUNT);
    });
    // What it says is over when the next connection is lost.
    effect(() => {
      if (!this.link.connected()) untracked(() => this.notice?.dismiss());
    });
    inject(DestroyRef).onDestroy(() => clearTimeout(this.timer));
  }

  private tell(recovery: Recovery): void {
    this.told = recovery.at;
    this.notice = this.snackBar.open(recoverySentence(recovery), 'OK', { duration: SHOWN_FOR, politeness: 'polite' });
  }
}
