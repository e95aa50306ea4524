import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  ElementRef,
  computed,
  effect,
  inject,
  viewChild,
} from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatIcon } from '@angular/material/icon';
import { MatTooltip } from '@angular/material/tooltip';
import { NavigationEnd, Router, RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { filter, skip } from 'rxjs';

import { UserMenu } from '../accounts/user-menu';
import { CatchUp } from '../chat/catch-up';
import { ChatDialogs } from '../chat/chat-dialogs';
import { Conversations } from '../chat/conversations';
import { provideChat } from '../chat/provide-chat';
import { Rooms } from '../chat/rooms';
import { ConnectionBanner } from '../cluster/connection-banner';
import { ConnectionChip } from '../cluster/connection-chip';
import { RecoveryNotice } from '../cluster/recovery-notice';
import { ChatHub } from '../realtime/chat-hub';
import { Brand } from './brand';
import { DESTINATIONS } from './destinations';
import { PageTitle } from './page-title';
import { Shortcuts } from './shortcuts';

/** What surrounds every page of a signed-in person. It holds the stores that live as long as that person is signed in. */
@Component({
  selector: 'app-shell',
  imports: [
    Brand,
    ConnectionBanner,
    ConnectionChip,
    MatButton,
    MatIcon,
    MatIconButton,
    MatTooltip,
    RouterLink,
    RouterLinkActive,
    RouterOutlet,
    UserMenu,
  ],
  templateUrl: './shell.html',
  styleUrl: './shell.scss',
  providers: [provideChat(), RecoveryNotice],
  host: { '(document:keydown)': 'pressed($event)' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Shell {
  private readonly chatDialogs = inject(ChatDialogs);
  private readonly conversations = inject(Conversations);
  private readonly dialog = inject(MatDialog);
  private readonly hub = inject(ChatHub);
  private readonly rooms = inject(Rooms);
  private readonly router = inject(Router);

  private readonly main = viewChild.required<ElementRef<HTMLElement>>('main');

  protected readonly destinations = DESTINATIONS;
  protected readonly inRoom = computed(() => this.conversations.shown() !== null);

  constructor() {
    // They work by being there.
    inject(CatchUp);
    inject(RecoveryNotice);

    this.hub.link.start();
    void this.rooms.load();

    const title = inject(PageTitle);
    effect(() => title.count(this.rooms.unread()));

    // A page that puts the focus somewhere itself does so later and wins.
    this.router.events
      .pipe(
        filter((event) => event instanceof NavigationEnd),
        skip(1),
        takeUntilDestroyed(),
      )
      .subscribe(() => this.main().nativeElement.focus({ preventScroll: true }));

    inject(DestroyRef).onDestroy(() => {
      this.hub.link.stop();
      title.count(0);
      this.dialog.closeAll();
    });
  }

  protected switchRoom(): void {
    this.chatDialogs.switchRoom();
  }

  protected skipToMain(event: Event): void {
    event.preventDefault();
    this.main().nativeElement.focus();
  }

  protected pressed(event: KeyboardEvent): void {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      this.switchRoom();
    } else if (
      event.altKey &&
      !event.ctrlKey &&
      !event.metaKey &&
      (event.key === 'ArrowUp' || event.key === 'ArrowDown')
    ) {
      event.preventDefault();
      this.goToNeighbour(event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === '?' && !isTyping(event.target) && this.dialog.openDialogs.length === 0) {
      event.preventDefault();
      this.dialog.open(Shortcuts, { width: '26rem' });
    }
  }

  private goToNeighbour(step: 1 | -1): void {
    const rooms = this.rooms.joined();
    if (rooms.length === 0) return;
    const here = rooms.findIndex((room) => room.id === this.conversations.shown()?.roomId);
    const next = here < 0 ? rooms[0]! : rooms[(here + step + rooms.length) % rooms.length]!;
    void this.router.navigate(['/chat', next.id]);
  }
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  );
}
