import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatTooltip } from '@angular/material/tooltip';

import { Session } from '../accounts/session';
import { SearchField } from '../shell/search-field';
import { ChatDialogs } from './chat-dialogs';
import { Clock } from './clock';
import { Conversations } from './conversations';
import { matching } from './room-order';
import { RoomRow } from './room-row';
import { Rooms } from './rooms';
import { Roving } from './roving';

/** The server is asked this long after the last key, in milliseconds. */
const SEARCH_AFTER = 250;

@Component({
  selector: 'app-room-list',
  imports: [MatButton, MatIcon, MatIconButton, MatTooltip, RoomRow, Roving, SearchField],
  templateUrl: './room-list.html',
  styleUrl: './room-list.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RoomList {
  private readonly rooms = inject(Rooms);
  private readonly dialogs = inject(ChatDialogs);
  private readonly shown = inject(Conversations).shown;

  private searching: ReturnType<typeof setTimeout> | undefined;

  protected readonly now = inject(Clock).now;
  protected readonly me = inject(Session).user;

  protected readonly typed = signal('');
  protected readonly phase = this.rooms.phase;
  protected readonly openId = computed(() => this.shown()?.roomId ?? null);
  protected readonly joined = computed(() => matching(this.rooms.joined(), this.typed()));
  protected readonly others = computed(() => matching(this.rooms.others(), this.typed()));
  protected readonly nothingFound = computed(
    () => this.typed().trim() !== '' && this.joined().length === 0 && this.others().length === 0,
  );
  /** Placeholders while the list loads. */
  protected readonly bones = [1, 2, 3, 4, 5, 6];

  protected search(text: string): void {
    this.typed.set(text);
    clearTimeout(this.searching);
    this.searching = setTimeout(() => void this.rooms.search(this.typed().trim()), SEARCH_AFTER);
  }

  protected createRoom(): void {
    this.dialogs.createRoom(this.nothingFound() ? this.typed().trim() : '');
  }

  protected retry(): void {
    this.rooms.retry();
  }
}
