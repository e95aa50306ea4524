import { DestroyRef, Service, effect, inject, signal, untracked } from '@angular/core';
import { Subject } from 'rxjs';

import { Session } from '../accounts/session';
import { ChatHub } from '../realtime/chat-hub';
import { Message } from '../realtime/chat-hub.contract';
import { toFault } from '../realtime/hub-fault';
import { newId } from '../realtime/new-id';
import { retryDelay } from '../realtime/reconnect-policy';
import { OutboxEntry, nextToSend, reconcile } from './outbox-entry';
import { OUTBOX_SHELF } from './outbox-shelf';

/** More unsent messages than these are not taken. */
export const MOST_UNSENT = 200;

/** How long a storage call may keep a message from being sent, in milliseconds. */
const STORAGE_PATIENCE = 1_000;

type TabNews = { readonly kind: 'changed' } | { readonly kind: 'gone'; readonly ids: readonly string[] };

/**
 * Messages that were written and are not known to be stored by the server. They are sent in the order of writing, room by room, again
 * and again with the same id until the server answers, across reconnects, reloads and closed tabs.
 *
 * Any tab may send, but only one at a time sends for a room: a Web Lock per room keeps the order, and the id makes a repeat harmless.
 */
@Service({ autoProvided: false })
export class Outbox {
  private readonly hub = inject(ChatHub);
  private readonly shelf = inject(OUTBOX_SHELF);
  private readonly user = inject(Session).user;

  private readonly userId = this.user()?.id ?? '';
  private readonly _entries = signal<readonly OutboxEntry[]>([]);
  private readonly _accepted = new Subject<Message>();
  /** Written in this tab and not done. */
  private readonly mine = new Set<string>();
  /** Done, here or in another tab. */
  private readonly gone = new Set<string>();
  /** Rooms being sent for, and whether to look once more afterwards. */
  private readonly sending = new Map<string, { again: boolean }>();
  private readonly retries = new Map<string, { count: number; timer: ReturnType<typeof setTimeout> }>();
  private readonly channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('hubbub.outbox');
  private lastWritten = 0;
  private over = false;

  /** All unsent messages of the person, in the order of writing. */
  readonly entries = this._entries.asReadonly();
  /** What the server stored, as it answers. */
  readonly accepted = this._accepted.asObservable();

  constructor() {
    const ready = this.readShelf();
    this.channel?.addEventListener('message', (event: MessageEvent<TabNews>) => this.hear(event.data));
    const echoes = this.hub.receiveMessage.subscribe((message) => this.settle([message]));
    effect(() => {
      if (this.hub.link.connected()) untracked(() => void ready.then(() => this.sendAll()));
    });
    inject(DestroyRef).onDestroy(() => {
      this.over = true;
      echoes.unsubscribe();
      this.channel?.close();
      for (const { timer } of this.retries.values()) clearTimeout(timer);
    });
  }

  /** Takes a message; it is on its way when this returns. False when too many wait already. */
  post(roomId: string, text: string): boolean {
    if (this._entries().length >= MOST_UNSENT) return false;
    this.lastWritten = Math.max(Date.now(), this.lastWritten + 1);
    const entry: OutboxEntry = {
      clientMessageId: newId(),
      userId: this.userId,
      roomId,
      text,
      writtenAt: this.lastWritten,
      state: 'waiting',
      attempts: 0,
      reason: null,
    };
    this._entries.update((entries) => [...entries, entry]);
    this.mine.add(entry.clientMessageId);
    void this.store(entry).then(() => this.send(roomId));
    return true;
  }

  /** Tries a failed message again. */
  async retry(clientMessageId: string): Promise<void> {
    const entry = this.change(clientMessageId, { state: 'waiting', reason: null });
    if (!entry) return;
    await this.store(entry);
    await this.send(entry.roomId);
  }

  /** Forgets a message. One that was handed to a server without an answer may have been stored all the same. */
  discard(clientMessageId: string): void {
    this.forget([clientMessageId]);
  }

  /** These messages are stored: whatever of them still waits here is done. */
  settle(messages: readonly Message[]): void {
    const stored = new Set(
      messages.filter((message) => message.userId === this.userId).map((message) => message.clientMessageId),
    );
    const done = this._entries().filter((entry) => stored.has(entry.clientMessageId));
    if (done.length > 0) this.forget(done.map((entry) => entry.clientMessageId));
  }

  private sendAll(): void {
    const rooms = new Set(this._entries().map((entry) => entry.roomId));
    for (const roomId of rooms) void this.send(roomId);
  }

  /** Sends what waits in a room, one after the other, in turn with other tabs. */
  private async send(roomId: string): Promise<void> {
    const running = this.sending.get(roomId);
    if (running) {
      running.again = true;
      return;
    }
    const run = { again: false };
    this.sending.set(roomId, run);
    try {
      await inTurn(`hubbub.outbox.${this.userId}.${roomId}`, async (waited) => {
        // Another tab may have sent some of them while this one waited.
        if (waited) await this.readShelf();
        for (;;) {
          const next = nextToSend(this._entries(), roomId);
          if (!next || this.over || !this.hub.link.connected() || !(await this.sendOne(next))) return;
        }
      });
    } finally {
      this.sending.delete(roomId);
    }
    if (run.again && !this.over) await this.send(roomId);
  }

  /** True when the next one may follow. */
  private async sendOne(entry: OutboxEntry): Promise<boolean> {
    const { clientMessageId, roomId, text } = entry;
    this.change(clientMessageId, { state: 'sending', attempts: entry.attempts + 1 });
    try {
      const message = await this.hub.sendMessage(roomId, text, clientMessageId);
      this.clearRetry(roomId);
      this._accepted.next(message);
      this.forget([clientMessageId]);
      return true;
    } catch (error) {
      const fault = toFault(error);
      if (fault.passes) {
        this.change(clientMessageId, { state: 'waiting' });
        this.retryLater(roomId, fault.code === 'too_many_requests');
        return false;
      }
      const failed = this.change(clientMessageId, { state: 'failed', reason: fault.message });
      if (failed) await this.store(failed);
      return true;
    }
  }

  /** The link may be up while a server cannot store: then the next try comes by itself. When it is down, the reconnect tries. */
  private retryLater(roomId: string, slowly: boolean): void {
    const count = (this.retries.get(roomId)?.count ?? 0) + 1;
    clearTimeout(this.retries.get(roomId)?.timer);
    const wait = slowly ? 1_000 + retryDelay(count) : retryDelay(count);
    this.retries.set(roomId, { count, timer: setTimeout(() => void this.send(roomId), wait) });
  }

  private clearRetry(roomId: string): void {
    clearTimeout(this.retries.get(roomId)?.timer);
    this.retries.delete(roomId);
  }

  private change(clientMessageId: string, change: Partial<OutboxEntry>): OutboxEntry | null {
    let changed: OutboxEntry | null = null;
    this._entries.update((entries) =>
      entries.map((entry) => (entry.clientMessageId === clientMessageId ? (changed = { ...entry, ...change }) : entry)),
    );
    return changed;
  }

  private forget(ids: readonly string[]): void {
    this.drop(ids);
    this.channel?.postMessage({ kind: 'gone', ids } satisfies TabNews);
    for (const id of ids) void this.shelf.remove(id).catch(() => undefined);
  }

  private drop(ids: readonly string[]): void {
    for (const id of ids) {
      this.mine.delete(id);
      this.gone.add(id);
    }
    this._entries.update((entries) => entries.filter((entry) => !ids.includes(entry.clientMessageId)));
  }

  /** Writes an entry down. Without storage it is sent all the same, it just would not survive a reload. */
  private async store(entry: OutboxEntry): Promise<void> {
    const patience = new Promise<void>((resolve) => setTimeout(resolve, STORAGE_PATIENCE));
    const written = this.shelf.put(entry).then(
      () => {
        // It may have been sent or discarded while it was being written.
        if (this.gone.has(entry.clientMessageId)) void this.shelf.remove(entry.clientMessageId).catch(() => undefined);
        else if (!this.over) this.channel?.postMessage({ kind: 'changed' } satisfies TabNews);
      },
      () => undefined,
    );
    await Promise.race([written, patience]);
  }

  private hear(news: TabNews): void {
    if (news.kind === 'gone') this.drop(news.ids);
    else void this.readShelf();
  }

  private async readShelf(): Promise<void> {
    try {
      const stored = await this.shelf.all(this.userId);
      if (!this.over) this._entries.update((shown) => reconcile(stored, shown, this.mine, this.gone));
    } catch {
      // What is in memory is what there is.
    }
  }
}

/** Runs `work` while no other tab holds `name`, and tells it whether it had to wait. */
async function inTurn(name: string, work: (waited: boolean) => Promise<void>): Promise<void> {
  const locks = typeof navigator === 'undefined' ? undefined : navigator.locks;
  if (!locks) return work(false);
  const ran = await locks.request(name, { ifAvailable: true }, async (lock) => {
    if (lock) await work(false);
    return lock !== null;
  });
  if (!ran) await locks.request(name, () => work(true));
}
