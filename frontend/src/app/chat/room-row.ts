import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';

import { MOST_UNREAD, Room } from '../realtime/chat-hub.contract';
import { hueOf } from './avatar-look';
import { shortAgo } from './times';

/** One room in the list: its name, its last message, and how many are unread. */
@Component({
  selector: 'app-room-row',
  imports: [MatIcon, RouterLink],
  templateUrl: './room-row.html',
  styleUrl: './room-row.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RoomRow {
  readonly room = input.required<Room>();
  /** The id of the person who looks. */
  readonly me = input.required<string>();
  readonly now = input.required<number>();
  readonly current = input(false);

  protected readonly hue = computed(() => hueOf(this.room().id));
  protected readonly badge = computed(() => {
    const { unread } = this.room();
    return unread >= MOST_UNREAD ? '99+' : String(unread);
  });
  protected readonly preview = computed(() => {
    const { lastMessage, isMember, memberCount } = this.room();
    if (!isMember) return `${memberCount} ${memberCount === 1 ? 'member' : 'members'}`;
    if (!lastMessage) return 'Nothing said yet';
    const author = lastMessage.userId === this.me() ? 'You' : lastMessage.userName;
    return `${author}: ${lastMessage.text}`;
  });
  protected readonly ago = computed(() => {
    const { lastMessage, isMember } = this.room();
    return lastMessage && isMember ? shortAgo(Date.parse(lastMessage.sentAt), this.now()) : '';
  });
  /** Name first, then what else there is to know, in words. */
  protected readonly label = computed(() => {
    const { name, isPrivate, unread, isMember } = this.room();
    return [
      name,
      ...(isPrivate ? ['private'] : []),
      ...(isMember ? [] : ['not joined']),
      ...(unread > 0 ? [`${this.badge()} unread`] : []),
    ].join(', ');
  });
}
