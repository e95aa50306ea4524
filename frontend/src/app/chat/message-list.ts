import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  ElementRef,
  afterNextRender,
  afterRenderEffect,
  computed,
  effect,
  inject,
  input,
  output,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatProgressSpinner } from '@angular/material/progress-spinner';

import { PageWatch } from '../realtime/page-watch';
import { Block } from './blocks';
import { Clock } from './clock';
import { Conversation, MessagePlace, ReadingPlace } from './conversation';
import { MessageGroup } from './message-group';
import { OutboxEntry } from './outbox-entry';
import { distanceToBottom, firstInView, placeIn, scrollTo } from './scroll-place';
import { dayName } from './times';

/** So close to an end of what is loaded, more is loaded, in pixels. */
const NEAR_END = 700;

/** Where the line above the first new message comes to stand when a room is opened, as a share of the view's height. */
const LINE_AT = 0.2;

/**
 * A conversation that can be scrolled. What the reader looks at never moves: not when earlier messages are put before it, not when the
 * far end is dropped, not when the view changes its size. At the bottom, new messages are followed.
 */
@Component({
  selector: 'app-message-list',
  imports: [MatButton, MatIcon, MatProgressSpinner, MessageGroup],
  templateUrl: './message-list.html',
  styleUrl: './message-list.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class MessageList {
  private readonly page = inject(PageWatch);

  readonly conversation = input.required<Conversation>();
  readonly blocks = input.required<readonly Block[]>();
  readonly roomName = input.required<string>();
  /** The id of the person who reads. */
  readonly me = input.required<string>();
  /** How many unread messages lie before what is loaded. */
  readonly unreadAbove = input(0);
  /** Whether messages can go out right now. */
  readonly connected = input(true);

  readonly unreadAboveWanted = output();
  readonly retried = output<OutboxEntry>();
  readonly edited = output<OutboxEntry>();
  readonly discarded = output<OutboxEntry>();

  private readonly view = viewChild.required<ElementRef<HTMLElement>>('view');
  private readonly content = viewChild.required<ElementRef<HTMLElement>>('content');

  private readonly _atBottom = signal(true);
  /** The number of the last message that was in view at the bottom. */
  private readonly seenSeq = signal(0);
  private entered: Conversation | null = null;
  private place: ReadingPlace = 'bottom';
  /** What was in view when the place was last taken, at the bottom as well, and the view's `scrollTop` since. */
  private inView: MessagePlace | null = null;
  private top = 0;
  private frame = 0;

  protected readonly now = inject(Clock).now;
  protected readonly dayName = dayName;
  /** Whether the reader is at the bottom and the page is seen. */
  readonly reading = computed(
    () => this._atBottom() && this.page.visible() && !this.conversation().timeline().hasNewer,
  );
  protected readonly awayFromEnd = computed(() => !this._atBottom() || this.conversation().timeline().hasNewer);
  protected readonly newBelow = computed(() => {
    const { messages, ahead } = this.conversation().timeline();
    const seen = this.seenSeq();
    return [...messages, ...ahead].filter((message) => message.seq > seen && message.userId !== this.me()).length;
  });
  protected readonly newBelowText = computed(() => {
    const count = this.newBelow();
    return count === 0 ? 'Jump to the newest message' : `${count} new ${count === 1 ? 'message' : 'messages'}`;
  });

  constructor() {
    afterRenderEffect({ mixedReadWrite: () => this.keepPlace(this.conversation(), this.blocks()) });

    effect(() => {
      const last = this.conversation().messages().at(-1);
      if (!this.reading() || !last) return;
      untracked(() => this.seenSeq.set(last.seq));
    });

    const destroyed = inject(DestroyRef);
    afterNextRender(() => {
      const sizes = new ResizeObserver(() => this.restore());
      sizes.observe(this.view().nativeElement);
      sizes.observe(this.content().nativeElement);
      destroyed.onDestroy(() => sizes.disconnect());
    });
    destroyed.onDestroy(() => cancelAnimationFrame(this.frame));
  }

  /** Goes to the newest message, loading it first if it is not there. */
  async goToNewest(): Promise<void> {
    const conversation = this.conversation();
    this.place = 'bottom';
    conversation.following = true;
    await conversation.goToNewest();
    this.restore();
    this.remember();
  }

  /** Brings the line above the first new message into view, if it is there. */
  goToNewLine(): boolean {
    const view = this.view().nativeElement;
    const line = view.querySelector<HTMLElement>('[data-new-line]');
    if (!line) return false;
    view.scrollTop += line.getBoundingClientRect().top - view.getBoundingClientRect().top - view.clientHeight * LINE_AT;
    this.remember();
    return true;
  }

  protected scrolled(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.remember());
  }

  protected retryOlder(): void {
    void this.conversation().loadOlder();
  }

  private keepPlace(conversation: Conversation, blocks: readonly Block[]): void {
    if (this.entered !== conversation) {
      if (untracked(conversation.phase) !== 'ready') return;
      this.entered = conversation;
      this.enter(conversation);
      return;
    }
    if (blocks.length > 0) this.restore();
    this.remember();
  }

  /** A room was opened: back to where it was left, else to what is new, else to the end. */
  private enter(conversation: Conversation): void {
    const view = this.view().nativeElement;
    this.seenSeq.set(conversation.messages().at(-1)?.seq ?? 0);
    this.place = 'bottom';
    if (!conversation.place || !scrollTo(view, conversation.place)) {
      if (!this.goToNewLine()) scrollTo(view, 'bottom');
    }
    this.remember();
  }

  /**
   * Puts the reader back to their place. If they have scrolled since it was taken, which the browser tells only with its next frame, they
   * stay where they scrolled to.
   */
  private restore(): void {
    if (!this.entered) return;
    const view = this.view().nativeElement;
    const scrolled = view.scrollTop - this.top;
    // Content that became shorter moves the view up to its new end, which is not the reader's doing.
    const clamped = scrolled < 0 && distanceToBottom(view) < 1;
    if (Math.abs(scrolled) < 1 || clamped) {
      scrollTo(view, this.place);
      this.top = view.scrollTop;
      return;
    }
    if (this.inView && scrollTo(view, this.inView)) view.scrollTop += scrolled;
    this.remember();
  }

  private remember(): void {
    const conversation = this.entered;
    if (!conversation) return;
    const view = this.view().nativeElement;
    this.place = placeIn(view);
    this.inView = firstInView(view);
    this.top = view.scrollTop;
    conversation.place = this.place;
    const atBottom = this.place === 'bottom';
    conversation.following = atBottom && !untracked(conversation.timeline).hasNewer;
    if (untracked(this._atBottom) !== atBottom) this._atBottom.set(atBottom);
    if (view.scrollTop < NEAR_END && !untracked(conversation.olderFailed)) void conversation.loadOlder();
    if (distanceToBottom(view) < NEAR_END) void conversation.loadNewer();
  }
}
