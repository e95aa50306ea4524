import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  ElementRef,
  computed,
  effect,
  inject,
  input,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatMenuModule } from '@angular/material/menu';
import { MatSnackBar } from '@angular/material/snack-bar';
import { MatTooltip } from '@angular/material/tooltip';
import { Router, RouterLink } from '@angular/router';

import { problemOf } from '../accounts/problem';
import { Session } from '../accounts/session';
import { ChatHub } from '../realtime/chat-hub';
import { Message, Room } from '../realtime/chat-hub.contract';
import { toFault } from '../realtime/hub-fault';
import { PageTitle } from '../shell/page-title';
import { Announcer } from './announcer';
import { blocksOf } from './blocks';
import { ChatDialogs } from './chat-dialogs';
import { Composer } from './composer';
import { Conversation } from './conversation';
import { Conversations } from './conversations';
import { MessageList } from './message-list';
import { NoRoom } from './no-room';
import { Outbox, MOST_UNSENT } from './outbox';
import { OutboxEntry } from './outbox-entry';
import { People } from './people';
import { PeoplePanel } from './people-panel';
import { Rooms } from './rooms';
import { firstUnread } from './timeline';

/** Pages of earlier messages looked through for the first unread one. */
const MOST_PAGES_BACK = 4;

/** One room: its conversation, who is in it, and where to write. */
@Component({
  selector: 'app-room-page',
  imports: [
    Composer,
    MatButton,
    MatIcon,
    MatIconButton,
    MatMenuModule,
    MatTooltip,
    MessageList,
    NoRoom,
    PeoplePanel,
    RouterLink,
  ],
  templateUrl: './room-page.html',
  styleUrl: './room-page.scss',
  providers: [Announcer],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RoomPage {
  private readonly announcer = inject(Announcer);
  private readonly conversations = inject(Conversations);
  private readonly dialogs = inject(ChatDialogs);
  private readonly hub = inject(ChatHub);
  private readonly outbox = inject(Outbox);
  private readonly pageTitle = inject(PageTitle);
  private readonly people = inject(People);
  private readonly rooms = inject(Rooms);
  private readonly router = inject(Router);
  private readonly snackBar = inject(MatSnackBar);
  private readonly user = inject(Session).user;

  /** From the address. */
  readonly roomId = input.required<string>();

  private readonly list = viewChild(MessageList);
  private readonly composer = viewChild(Composer);
  private readonly heading = viewChild<ElementRef<HTMLElement>>('heading');

  private readonly missing = signal<string | null>(null);
  /** What was unread when the room was opened, until the first such message has been found. */
  private readonly unreadAtOpen = signal<{ readonly count: number; readonly readSeq: number } | null>(null);
  /** The room whose unread messages have been noted. */
  private openedWith: string | null = null;
  protected readonly showsPeople = signal(false);
  protected readonly joining = signal(false);

  /** Until it is known what is unread, the conversation does not know where to begin. */
  protected readonly ready = computed(() => this.room() !== null || this.rooms.phase() !== 'loading');
  protected readonly conversation = signal<Conversation | null>(null);
  protected readonly room = computed(() => this.rooms.room(this.roomId()));
  protected readonly notThere = computed(
    () => !this.room() && (this.missing() === this.roomId() || this.conversation()?.phase() === 'missing'),
  );
  protected readonly me = computed(() => this.user() ?? { id: '', userName: '' });
  protected readonly connected = this.hub.link.connected;
  protected readonly onlineCount = this.people.onlineCount;
  protected readonly blocks = computed(() => {
    const conversation = this.conversation();
    if (!conversation) return [];
    const { messages, hasNewer } = conversation.timeline();
    return blocksOf({
      messages,
      entries: hasNewer ? [] : this.outbox.entries().filter((entry) => entry.roomId === this.roomId()),
      me: this.me(),
      newBefore: conversation.dividerBefore(),
    });
  });
  protected readonly unreadAbove = computed(() =>
    this.conversation()?.dividerBefore() ? 0 : (this.unreadAtOpen()?.count ?? 0),
  );
  protected readonly refusal = computed(() =>
    this.outbox.entries().length >= MOST_UNSENT
      ? `${MOST_UNSENT} messages wait to be sent; more are taken when some have gone.`
      : null,
  );

  constructor() {
    effect(() => this.open(this.roomId()));

    // What is unread is kept before anything is marked as read; the list may be there only after the page.
    effect(() => {
      const room = this.room();
      if (room && this.openedWith !== room.id) this.noteUnread(room);
    });

    effect(() => {
      const conversation = this.conversation();
      this.unreadAtOpen();
      if (conversation?.phase() === 'ready') untracked(() => this.markFirstUnread(conversation));
    });

    effect(() => {
      const roomId = this.roomId();
      if (this.rooms.phase() === 'loading' || this.rooms.room(roomId)) return;
      untracked(() => void this.find(roomId));
    });

    effect(() => this.markRead());
    effect(() => this.people.show(this.room()?.isMember ? this.roomId() : null));
    effect(() => this.pageTitle.show(this.notThere() ? 'No such room' : (this.room()?.name ?? 'Room')));
    effect(() => this.rooms.watch(this.list()?.reading() ? this.roomId() : null));

    this.hub.receiveMessage.pipe(takeUntilDestroyed()).subscribe((message) => this.hear(message));
    inject(DestroyRef).onDestroy(() => {
      this.conversations.showNone();
      this.rooms.watch(null);
      this.people.show(null);
    });
  }

  protected send(text: string): void {
    this.outbox.post(this.roomId(), text);
    this.conversation()?.showDividerBefore(null);
    this.unreadAtOpen.set(null);
    void this.list()?.goToNewest();
  }

  protected retry(entry: OutboxEntry): void {
    void this.outbox.retry(entry.clientMessageId);
  }

  protected edit(entry: OutboxEntry): void {
    this.outbox.discard(entry.clientMessageId);
    this.composer()?.takeBack(entry.text);
  }

  protected discard(entry: OutboxEntry): void {
    this.outbox.discard(entry.clientMessageId);
    this.composer()?.focus();
  }

  protected goToNewest(): void {
    void this.list()?.goToNewest();
  }

  /** Loads earlier messages until the first unread one is among them, and goes there. */
  protected async goToFirstUnread(): Promise<void> {
    const conversation = this.conversation();
    if (!conversation) return;
    for (let pages = 0; pages < MOST_PAGES_BACK && this.unreadAtOpen(); pages++) {
      await conversation.loadOlder();
      this.markFirstUnread(conversation);
    }
    this.unreadAtOpen.set(null);
    setTimeout(() => this.list()?.goToNewLine());
  }

  protected async join(): Promise<void> {
    this.joining.set(true);
    try {
      await this.rooms.join(this.roomId());
      await this.conversation()?.catchUp();
      this.focusComposer();
    } catch (error) {
      this.say(toFault(error).message);
    } finally {
      this.joining.set(false);
    }
  }

  protected async leave(): Promise<void> {
    const room = this.room();
    if (!room || !(await this.dialogs.confirmLeave(room))) return;
    try {
      await this.rooms.leave(room.id);
      this.conversations.forget(room.id);
      await this.router.navigateByUrl('/chat');
      this.say(`You left “${room.name}”.`);
    } catch (error) {
      this.say(toFault(error).message);
    }
  }

  protected addPerson(): void {
    const room = this.room();
    if (room) this.dialogs.addPerson(room);
  }

  protected togglePeople(): void {
    this.showsPeople.update((shows) => !shows);
  }

  private open(roomId: string): void {
    untracked(() => {
      this.missing.set(null);
      this.openedWith = null;
      this.unreadAtOpen.set(null);
      const room = this.rooms.room(roomId);
      if (room) this.noteUnread(room);
      const conversation = this.conversations.show(roomId);
      if (conversation.phase() === 'ready') conversation.showDividerBefore(null);
      this.conversation.set(conversation);
      this.showsPeople.set(false);
      this.focusComposer();
    });
  }

  /** Writing can start at once where there is a keyboard; on a phone that would cover half of the room. */
  private focusComposer(): void {
    setTimeout(() => {
      const touch = matchMedia('(pointer: coarse)').matches;
      const composer = this.composer();
      if (composer && !touch) composer.focus();
      else this.heading()?.nativeElement.focus();
    });
  }

  private noteUnread(room: Room): void {
    this.openedWith = room.id;
    // Somebody was let in while looking at a closed door.
    const conversation = untracked(this.conversation);
    if (untracked(() => conversation?.phase()) === 'missing') void conversation?.open();
    this.unreadAtOpen.set(room.unread > 0 ? { count: room.unread, readSeq: room.readSeq ?? 0 } : null);
  }

  /** Whoever sees the newest message has read the room. */
  private markRead(): void {
    const room = this.room();
    const last = this.conversation()?.messages().at(-1);
    if (!room?.isMember || last?.roomId !== room.id || !this.list()?.reading()) return;
    const isNews = last.userId !== this.me().id && last.seq > (room.readSeq ?? 0);
    if (isNews || room.unread > 0) untracked(() => this.rooms.read(last));
  }

  private markFirstUnread(conversation: Conversation): void {
    const unread = this.unreadAtOpen();
    if (!unread) return;
    const first = firstUnread(conversation.timeline(), this.me().id, unread.readSeq);
    if (!first) return;
    conversation.showDividerBefore(first.id);
    this.unreadAtOpen.set(null);
  }

  private async find(roomId: string): Promise<void> {
    try {
      await this.rooms.find(roomId);
    } catch (error) {
      if (problemOf(error).status === 404) this.missing.set(roomId);
    }
  }

  private hear(message: Message): void {
    if (message.roomId !== this.roomId() || message.userId === this.me().id) return;
    this.announcer.announce(message);
    const looking = this.list()?.reading() ?? false;
    const room = this.room();
    // The first one that comes while nobody looks gets the line above it.
    if (!looking && room && room.unread <= 1) this.conversation()?.showDividerBefore(message.id);
  }

  private say(sentence: string): void {
    this.snackBar.open(sentence, undefined, { duration: 5_000, politeness: 'polite' });
  }
}
