import type { Message } from '../fixtures/wire.ts';
import { offenceKinds, type Offence, type OffenceKind } from './offence.ts';
import { RoomView } from './room-view.ts';
import { SentBook, type Doubt } from './sent-book.ts';

/** How far each room had come at some moment: the number of its last accepted message, by room. */
export type Mark = ReadonlyMap<string, number>;

/** What became of the messages that were lost. */
export interface Losses {
  /** The client loaded them from the database later on. */
  readonly foundLater: number;
  /** They are in the database, and the client never saw them. */
  readonly unseen: number;
  /** They are not even in the database. */
  readonly notStored: number;
}

export type Verdicts = Readonly<Record<OffenceKind, number>>;

export interface Member {
  /** Unique among the clients. */
  readonly client: string;
  readonly rooms: readonly string[];
}

/**
 * Judges what happens while it happens: what was said, what the servers made of it, and what each client was handed in which order. It knows nothing
 * of networks and faults, so any history can be put before it.
 */
export class Checker {
  readonly #book = new SentBook();
  /** By client, then by room. */
  readonly #views = new Map<string, ReadonlyMap<string, RoomView>>();
  readonly #highest = new Map<string, number>();
  readonly #counts: Record<OffenceKind, number> = { lost: 0, duplicated: 0, reordered: 0, phantom: 0 };
  readonly #onOffence: (offence: Offence) => void;
  readonly #losses = { foundLater: 0, unseen: 0, notStored: 0 };
  #delivered = 0;
  #loaded = 0;

  constructor(members: readonly Member[], onOffence: (offence: Offence) => void = () => {}) {
    for (const { client, rooms } of members)
      this.#views.set(client, new Map(rooms.map((room) => [room, new RoomView()])));
    this.#onOffence = onOffence;
  }

  get accepted(): number {
    return this.#book.accepted;
  }

  get refused(): number {
    return this.#book.refused;
  }

  get unanswered(): number {
    return this.#book.unanswered;
  }

  /** Messages that clients were handed by their hub, over all clients. */
  get delivered(): number {
    return this.#delivered;
  }

  /** Messages that clients loaded over HTTP because they could not resume. */
  get loaded(): number {
    return this.#loaded;
  }

  /** Messages that came over the hub although they had been loaded, or had come before the stream broke off. */
  get overlapping(): number {
    return this.#all().reduce((sum, [, , view]) => sum + view.overlapping, 0);
  }

  get verdicts(): Verdicts {
    return { ...this.#counts };
  }

  get losses(): Losses {
    return { ...this.#losses };
  }

  get isClean(): boolean {
    return offenceKinds.every((kind) => this.#counts[kind] === 0);
  }

  say(userId: string, clientMessageId: string, roomId: string, text: string): void {
    this.#book.say(userId, clientMessageId, roomId, text);
  }

  accept(userId: string, clientMessageId: string, message: Message): void {
    this.#doubt(this.#book.accept(userId, clientMessageId, message), message);
    this.#highest.set(message.roomId, Math.max(message.seq, this.#highest.get(message.roomId) ?? 0));
  }

  refuse(userId: string, clientMessageId: string, roomId: string): void {
    const doubt = this.#book.refuse(userId, clientMessageId);
    if (doubt) this.#offend({ ...doubt, room: roomId, seq: 0, clientMessageId });
  }

  /** The client's stream begins anew: it could not go on where it was. */
  begin(client: string, why: string): void {
    for (const view of this.#views.get(client)!.values()) view.begin(why);
  }

  /** The client was handed a message by its hub. */
  deliver(client: string, message: Message, via: string): void {
    this.#delivered++;
    this.#doubt(this.#book.recognise(message), message, client);
    const view = this.#views.get(client)!.get(message.roomId);
    if (!view) {
      this.#offend({ kind: 'phantom', client, ...what(message), detail: 'came to somebody who is not in the room' });
      return;
    }
    const verdict = view.deliver(message.seq, via);
    if (verdict !== 'in order')
      this.#offend({ kind: verdict, client, ...what(message), detail: `came ${via}`, recent: view.recent });
  }

  /** A connection brought a message twice, and the client kept the second one back. */
  twice(client: string, message: Message): void {
    this.#offend({ kind: 'duplicated', client, ...what(message), detail: 'came twice over one connection' });
  }

  /** The client loaded a message from the database, which it may after {@link begin}. */
  load(client: string, message: Message): void {
    this.#loaded++;
    this.#doubt(this.#book.recognise(message), message, client);
    this.#views.get(client)!.get(message.roomId)?.load(message.seq);
  }

  /** The last message of a room before which a client misses nothing. */
  complete(client: string, roomId: string): number {
    return this.#views.get(client)!.get(roomId)!.complete;
  }

  /** How far the rooms have come now. */
  mark(): Mark {
    return new Map(this.#highest);
  }

  /** Whether this client has not seen everything up to a mark yet. */
  isBehind(client: string, mark: Mark): boolean {
    return [...this.#views.get(client)!].some(([room, view]) => view.complete < (mark.get(room) ?? 0));
  }

  /** Who has not seen everything up to a mark yet, as words. */
  behind(mark: Mark): readonly string[] {
    return this.#all()
      .filter(([, room, view]) => view.complete < (mark.get(room) ?? 0))
      .map(([client, room, view]) => `${client} has ${view.complete} of ${mark.get(room)} in ${room}`);
  }

  /** Compares everything with what the database says at the end, room by room, oldest message first. */
  finish(stored: ReadonlyMap<string, readonly Message[]>): void {
    const ids = new Set<string>();
    for (const [room, messages] of stored) {
      for (const message of messages) {
        ids.add(message.id);
        this.#doubt(this.#book.recognise(message), message);
      }
      this.#checkNumbers(room, messages);
    }
    for (const { id, roomId, seq, clientMessageId } of this.#book.allAccepted()) {
      if (ids.has(id)) continue;
      this.#losses.notStored++;
      this.#offend({ kind: 'lost', room: roomId, seq, clientMessageId, detail: 'was accepted and is not stored' });
    }
    for (const [client, room, view] of this.#all()) {
      const messages = stored.get(room) ?? [];
      const bySeq = new Map(messages.map((message) => [message.seq, message]));
      for (const seq of view.lost(messages.at(-1)?.seq ?? 0)) {
        const clientMessageId = bySeq.get(seq)?.clientMessageId;
        const detail = view.has(seq) ? 'did not come, and was loaded' : 'did not come';
        this.#losses[view.has(seq) ? 'foundLater' : 'unseen']++;
        this.#offend({ kind: 'lost', client, room, seq, clientMessageId, detail, recent: view.recent });
      }
    }
  }

  /** Numbers without a hole, and each sender's messages in the order in which they were said: one after the other is answered. */
  #checkNumbers(room: string, messages: readonly Message[]): void {
    const last = new Map<string, number>();
    let expected = 1;
    for (const message of messages) {
      for (; expected < message.seq; expected++)
        this.#offend({ kind: 'lost', room, seq: expected, detail: 'is a hole in what is stored' });
      if (message.seq < expected)
        this.#offend({ kind: 'reordered', ...what(message), detail: `is stored after ${expected - 1}` });
      expected = Math.max(expected, message.seq + 1);

      const count = numberIn(message.text);
      if (count <= (last.get(message.userId) ?? 0))
        this.#offend({
          kind: 'reordered',
          ...what(message),
          detail: `is stored after its sender's ${last.get(message.userId)}`,
        });
      last.set(message.userId, count);
    }
  }

  #all(): [client: string, room: string, view: RoomView][] {
    return [...this.#views].flatMap(([client, rooms]) =>
      [...rooms].map(([room, view]): [string, string, RoomView] => [client, room, view]),
    );
  }

  #doubt(doubt: Doubt, message: Message, client?: string): void {
    if (doubt) this.#offend({ ...doubt, client, ...what(message) });
  }

  #offend(offence: Offence): void {
    this.#counts[offence.kind]++;
    this.#onOffence(offence);
  }
}

/** The number at the end of a text, which a sender counts up in each room. */
export function numberIn(text: string): number {
  return Number(text.slice(text.lastIndexOf(' ') + 1));
}

function what({ roomId, seq, clientMessageId }: Message): Pick<Offence, 'room' | 'seq' | 'clientMessageId'> {
  return { room: roomId, seq, clientMessageId };
}
