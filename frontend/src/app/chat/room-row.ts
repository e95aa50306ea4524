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
  /** What icons and the place in the list say to those who see them. */
  protected readonly standing = computed(() => {
    const { isPrivate, isMember } = this.room();
    return [...(isPrivate ? ['private'] : []), ...(isMember ? [] : ['not joined'])].join(', ');
  });
}
