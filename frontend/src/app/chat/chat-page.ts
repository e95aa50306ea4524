import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { RouterOutlet } from '@angular/router';

import { Conversations } from './conversations';
import { RoomList } from './room-list';

/** The room list and the room in view: side by side where there is space, else one at a time. */
@Component({
  selector: 'app-chat-page',
  imports: [RoomList, RouterOutlet],
  template: `
    <app-room-list class="list" />
    <div class="room"><router-outlet /></div>
  `,
  styleUrl: './chat-page.scss',
  host: { '[class.has-room]': 'shown() !== null' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ChatPage {
  protected readonly shown = inject(Conversations).shown;
}
