import { DestroyRef, Service, computed, inject, signal } from '@angular/core';
import { Subscription } from 'rxjs';

import { Session } from '../accounts/session';
import { ChatHub } from '../realtime/chat-hub';
import { Message, ReadMarkMoved, Room } from '../realtime/chat-hub.contract';
import { toFault } from '../realtime/hub-fault';
import { ChatApi, MOST_LISTED } from './chat-api';
import { RoomsById, joinedRooms, missedBetween, otherRooms, withMessage, withRoom } from './room-order';

/** Read marks are sent this long after the last message was seen, in milliseconds. */
const MARK_AFTER = 400;

/** When a read mark could not be sent, it is tried again after this long, in milliseconds. */
const MARK_AGAIN = 3_000;

/** The rooms the person is in or could join, with what is unread in them. */
@Service({ autoProvided: false })
export class Rooms {
  private readonly hub = inject(ChatHub);
  private readonly api = inject(ChatApi);
  private readonly user = inject(Session).user;

  private readonly rooms = signal<RoomsById>({});
  private readonly _phase = signal<'loading' | 'ready' | 'failed'>('loading');
  private readonly _watched = signal<string | null>(null);
  /** Whether there are more rooms than the list holds. */
  private isCut = false;
  private readonly marks = new Map<string, { message: Message; timer: ReturnType<typeof setTimeout> }>();
  /** What happened to rooms while a list was on its way, which the list may not know yet. */
  private readonly meanwhile = new Map<string, 'added' | 'left'>();

  readonly phase = this._phase.asReadonly();
  readonly joined = computed(() => joinedRooms(this.rooms()));
  readonly others = computed(() => otherRooms(this.rooms()));
  /** Unread messages in all rooms together. */
  readonly unread = computed(() => this.joined().reduce((sum, room) => sum + room.unread, 0));

  constructor() {
    const news = new Subscription();
    news.add(this.hub.receiveMessage.subscribe((message) => this.hear(message)));
    news.add(this.hub.roomAdded.subscribe((room) => this.add(room)));
    news.add(this.hub.roomLeft.subscribe(({ roomId }) => this.drop(roomId)));
    news.add(this.hub.readMarkMoved.subscribe((moved) => this.moveMark(moved)));
    inject(DestroyRef).onDestroy(() => {
      news.unsubscribe();
      for (const { timer } of this.marks.values()) clearTimeout(timer);
    });
  }

  room(id: string): Room | null {
    return this.rooms()[id] ?? null;
  }

  /** Loads the list, the first time or again. How many messages had been missed, or null when it could not be loaded. */
  async load(): Promise<number | null> {
    this.meanwhile.clear();
    try {
      const list = await this.api.rooms();
      this.isCut = list.length >= MOST_LISTED;
      const before = this.rooms();
      const after = this.merge(list, before);
      this.rooms.set(after);
      const missed = this._phase() === 'ready' ? missedBetween(before, after) : 0;
      this._phase.set('ready');
      return missed;
    } catch {
      if (this._phase() !== 'ready') this._phase.set('failed');
      return null;
    }
  }

  /** Loads the list again after it failed. */
  retry(): void {
    this._phase.set('loading');
    void this.load();
  }

  /** Looks on the server for rooms that were too many for the list. */
  async search(typed: string): Promise<void> {
    if (!this.isCut || typed === '') return;
    try {
      const found = await this.api.rooms(typed);
      this.rooms.update((rooms) => found.reduce(withRoom, rooms));
    } catch {
      // What is in the list can be searched all the same.
    }
  }

  /** Finds a room that may not be in the list. Rejects as the server does when there is none or it may not be seen. */
  async find(id: string): Promise<Room> {
    const room = await this.api.room(id);
    this.rooms.update((rooms) => withRoom(rooms, room));
    return room;
  }

  /** @param clientRoomId Makes repeating the call harmless: the same id returns the first room. */
  async create(name: string, isPrivate: boolean, clientRoomId: string): Promise<Room> {
    const room = await this.api.createRoom(name, isPrivate, clientRoomId);
    this.add(room);
    return room;
  }

  async join(id: string): Promise<Room> {
    const room = await this.hub.joinRoom(id);
    this.add({ ...room, isMember: true });
    return room;
  }

  async leave(id: string): Promise<void> {
    await this.hub.leaveRoom(id);
    this.drop(id);
  }

  /** Messages of this room are being looked at, so new ones do not count as unread. Null: of none. */
  watch(id: string | null): void {
    this._watched.set(id);
  }

  /** Everything up to this message was seen. */
  read(message: Message): void {
    const { roomId } = message;
    const before = this.marks.get(roomId);
    if (before && before.message.seq > message.seq) return;
    clearTimeout(before?.timer);
    this.change(roomId, { unread: 0, readSeq: message.seq });
    this.marks.set(roomId, { message, timer: setTimeout(() => void this.sendMark(roomId), MARK_AFTER) });
  }

  private async sendMark(roomId: string): Promise<void> {
    const mark = this.marks.get(roomId);
    if (!mark) return;
    try {
      await this.hub.markRead(roomId, mark.message.id);
    } catch (error) {
      if (toFault(error).passes && this.marks.get(roomId) === mark) {
        mark.timer = setTimeout(() => void this.sendMark(roomId), MARK_AGAIN);
        return;
      }
    }
    if (this.marks.get(roomId) === mark) this.marks.delete(roomId);
  }

  /** A mark that this device has overtaken says nothing new. */
  private moveMark({ roomId, seq, unread }: ReadMarkMoved): void {
    const readSeq = this.room(roomId)?.readSeq ?? 0;
    if (seq > readSeq || (seq === readSeq && !this.marks.has(roomId))) this.change(roomId, { unread, readSeq: seq });
  }

  private hear(message: Message): void {
    const counts = message.userId !== this.user()?.id && this._watched() !== message.roomId;
    this.rooms.update((rooms) => withMessage(rooms, message, counts));
  }

  private add(room: Room): void {
    this.meanwhile.set(room.id, 'added');
    this.rooms.update((rooms) => withRoom(rooms, room));
  }

  /** A public room stays in the list as one that can be joined; a private one is out of sight. */
  private drop(id: string): void {
    this.meanwhile.set(id, 'left');
    const room = this.rooms()[id];
    if (!room) return;
    if (!room.isPrivate) {
      this.change(id, { isMember: false, unread: 0 });
      return;
    }
    this.rooms.update((rooms) => Object.fromEntries(Object.entries(rooms).filter(([other]) => other !== id)));
  }

  private change(id: string, change: Partial<Room>): void {
    this.rooms.update((rooms) => (rooms[id] ? { ...rooms, [id]: { ...rooms[id], ...change } } : rooms));
  }

  /** The list, with what is newer than it. */
  private merge(list: readonly Room[], before: RoomsById): RoomsById {
    const merged: Record<string, Room> = {};
    for (const room of list) {
      const known = before[room.id];
      const behind = (known?.lastMessage?.seq ?? 0) > (room.lastMessage?.seq ?? 0);
      if (this.meanwhile.get(room.id) !== 'left') merged[room.id] = behind ? known! : room;
      else if (!room.isPrivate) merged[room.id] = { ...room, isMember: false, unread: 0 };
    }
    for (const [id, happened] of this.meanwhile) {
      if (happened === 'added' && before[id]) merged[id] ??= before[id];
    }
    return merged;
  }
}
