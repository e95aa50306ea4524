import { HttpErrorResponse } from '@angular/common/http';
import { computed, signal } from '@angular/core';

import { Message } from '../realtime/chat-hub.contract';
import { MessagePage, Where } from './chat-api';
import {
  EMPTY,
  Timeline,
  addNewer,
  addOlder,
  hasHole,
  keepNewest,
  keepOldest,
  lastOf,
  leaveOffHere,
  receive,
  startFrom,
} from './timeline';

/** Messages shown at once at most; further ones are dropped at the far end and fetched again when scrolled to. */
export const MOST_SHOWN = 400;

const FIRST_PAGE = 50;
const PAGE = 100;

/** Pages fetched to catch up before the conversation is started again from its newest page. */
const MOST_CATCH_UP_PAGES = 5;

/** When filling a hole fails, it is tried again after this long, in milliseconds. */
const FILL_AGAIN = 2_000;

/** `missing`: there is no such room, or the person may not see it. */
export type ConversationPhase = 'loading' | 'ready' | 'failed' | 'missing';

export type FetchPage = (where: Where, limit: number) => Promise<MessagePage>;

/** Where the reader was in a conversation: at the bottom, or with a message at a distance from the top of the view, in pixels. */
export type ReadingPlace = 'bottom' | MessagePlace;

/** A message, and how many pixels its upper edge is below the view's. */
export interface MessagePlace {
  readonly key: string;
  readonly offset: number;
}

/** One room's messages, as far as they are in memory, kept without holes whatever arrives in whatever order. */
export class Conversation {
  private readonly _timeline = signal<Timeline>(EMPTY);
  private readonly _phase = signal<ConversationPhase>('loading');
  private readonly _loadingOlder = signal(false);
  private readonly _loadingNewer = signal(false);
  private readonly _olderFailed = signal(false);
  private readonly _dividerBefore = signal<string | null>(null);
  private filling: Promise<void> | null = null;
  private fillTimer: ReturnType<typeof setTimeout> | undefined;
  private stale = false;
  private closed = false;

  readonly timeline = this._timeline.asReadonly();
  readonly messages = computed(() => this._timeline().messages);
  readonly phase = this._phase.asReadonly();
  readonly loadingOlder = this._loadingOlder.asReadonly();
  readonly loadingNewer = this._loadingNewer.asReadonly();
  readonly olderFailed = this._olderFailed.asReadonly();
  /** The id of the first message that was new when the reader looked away. */
  readonly dividerBefore = this._dividerBefore.asReadonly();

  /** Where to go back to when the room is shown again; null for its first time. */
  place: ReadingPlace | null = null;
  /** Whether the newest message is in view, so that new ones should be followed. */
  following = true;

  constructor(
    readonly roomId: string,
    private readonly fetch: FetchPage,
    private readonly merged: (messages: readonly Message[]) => void,
  ) {}

  /** Loads the newest page, the first time or again. */
  async load(): Promise<void> {
    if (this._phase() !== 'ready') this._phase.set('loading');
    try {
      const page = await this.fetch({}, FIRST_PAGE);
      this.merged(page.messages);
      this._timeline.update((timeline) => startFrom(timeline, page));
      this._phase.set('ready');
      this.stale = false;
      this.fillHole();
    } catch (error) {
      const missing = error instanceof HttpErrorResponse && error.status === 404;
      if (missing) this._phase.set('missing');
      else if (this._phase() === 'loading') this._phase.set('failed');
    }
  }

  async loadOlder(): Promise<void> {
    const first = this.messages()[0];
    if (!first || !this._timeline().hasOlder || this._loadingOlder()) return;
    this._loadingOlder.set(true);
    this._olderFailed.set(false);
    try {
      const page = await this.fetch({ before: first.id }, FIRST_PAGE);
      this._timeline.update((timeline) => keepOldest(addOlder(timeline, page), MOST_SHOWN));
    } catch {
      this._olderFailed.set(true);
    } finally {
      this._loadingOlder.set(false);
    }
  }

  /** Loads what follows the run when its newer end had been dropped. */
  async loadNewer(): Promise<void> {
    const last = lastOf(this._timeline());
    if (!last || !this._timeline().hasNewer || this._loadingNewer()) return;
    this._loadingNewer.set(true);
    try {
      const page = await this.fetch({ after: last.id }, FIRST_PAGE);
      this._timeline.update((timeline) => keepNewest(addNewer(timeline, page), MOST_SHOWN));
      this.fillHole();
    } catch {
      // Scrolling on asks again.
    } finally {
      this._loadingNewer.set(false);
    }
  }

  /** Makes the newest messages be in memory, whatever was looked at before. */
  async goToNewest(): Promise<void> {
    if (!this._timeline().hasNewer) return;
    await this.load();
  }

  /** Takes a live message, or the server's answer to a sent one. */
  receive(message: Message): void {
    if (this._phase() === 'missing') return;
    this._timeline.update((timeline) => {
      const next = receive(timeline, message);
      return this.following ? keepNewest(next, MOST_SHOWN) : next;
    });
    this.fillHole();
  }

  /**
   * Fetches what was missed while there was no connection. Too much to fetch, and a reader at the bottom starts again from the newest
   * page; one who reads further up stays there and finds the rest below.
   */
  async catchUp(): Promise<void> {
    if (this._phase() !== 'ready') return this.load();
    if (this._timeline().hasNewer) return;
    if (!lastOf(this._timeline())) return this.load();
    await this.fetchNewer();
  }

  /** There was no connection while nobody looked: catch up when the room is opened again. */
  markStale(): void {
    this.stale = true;
  }

  /** The room is shown. */
  async open(): Promise<void> {
    if (this._phase() === 'failed' || this._phase() === 'missing') this._phase.set('loading');
    if (this._phase() === 'loading') await this.load();
    else if (this.stale) {
      this.stale = false;
      await this.catchUp();
    }
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.fillTimer);
  }

  showDividerBefore(messageId: string | null): void {
    this._dividerBefore.set(messageId);
  }

  private fillHole(): void {
    if (this.closed || !hasHole(this._timeline()) || this._phase() !== 'ready') return;
    void this.fetchNewer();
  }

  /** One at a time: the hole, the reconnect and the timer may all ask. */
  private fetchNewer(): Promise<void> {
    clearTimeout(this.fillTimer);
    this.filling ??= this.fetchNewerPages().finally(() => {
      this.filling = null;
      if (!this.closed && hasHole(this._timeline())) {
        this.fillTimer = setTimeout(() => this.fillHole(), FILL_AGAIN);
      }
    });
    return this.filling;
  }

  private async fetchNewerPages(): Promise<void> {
    try {
      for (let pages = 0; pages < MOST_CATCH_UP_PAGES; pages++) {
        const last = lastOf(this._timeline());
        if (!last) return await this.load();
        const page = await this.fetch({ after: last.id }, PAGE);
        this.merged(page.messages);
        this._timeline.update((timeline) => {
          // The next page follows at once, so the run does not end here.
          const next = addNewer(timeline, { ...page, hasMore: false });
          return this.following ? keepNewest(next, MOST_SHOWN) : next;
        });
        if (!page.hasMore) return;
      }
      if (this.following) await this.load();
      else this._timeline.update(leaveOffHere);
    } catch (error) {
      if (error instanceof HttpErrorResponse && error.status === 404) this._phase.set('missing');
      else this.stale = true;
    }
  }
}
