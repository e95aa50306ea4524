import { ChangeDetectionStrategy, Component, computed, inject, linkedSignal, signal } from '@angular/core';
import { MatDialogRef } from '@angular/material/dialog';
import { MatIcon } from '@angular/material/icon';
import { Router } from '@angular/router';

import { MOST_UNREAD } from '../realtime/chat-hub.contract';
import { matching } from './room-order';
import { Rooms } from './rooms';

/** Rows shown at once. */
const MOST_SHOWN = 8;

/** Type a few letters, press Enter, be in the room. */
@Component({
  selector: 'app-room-switcher',
  imports: [MatIcon],
  templateUrl: './room-switcher.html',
  styleUrl: './room-switcher.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RoomSwitcher {
  private readonly dialog = inject<MatDialogRef<RoomSwitcher>>(MatDialogRef);
  private readonly rooms = inject(Rooms);
  private readonly router = inject(Router);

  protected readonly typed = signal('');
  /** Rooms with something unread come first, as long as nothing is typed. */
  protected readonly found = computed(() => {
    const joined = this.rooms.joined();
    const unread = joined.filter((room) => room.unread > 0);
    const ordered = [...unread, ...joined.filter((room) => room.unread === 0), ...this.rooms.others()];
    return matching(ordered, this.typed()).slice(0, MOST_SHOWN);
  });
  /** Which row Enter opens; back to the first one when the rows change. */
  protected readonly active = linkedSignal({ source: this.found, computation: () => 0 });
  protected readonly mostUnread = MOST_UNREAD;

  protected search(event: Event): void {
    this.typed.set((event.target as HTMLInputElement).value);
  }

  protected pressed(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const count = this.found().length;
    if (step && count > 0) {
      event.preventDefault();
      this.active.update((active) => (active + step + count) % count);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      this.go(this.active());
    }
  }

  protected go(index: number): void {
    const room = this.found()[index];
    if (!room) return;
    this.dialog.close();
    void this.router.navigate(['/chat', room.id]);
  }
}
