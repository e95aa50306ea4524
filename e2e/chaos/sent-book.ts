import type { Message } from '../fixtures/wire.ts';

/** What was said, and what the server made of it. */
interface Sent {
  readonly roomId: string;
  readonly text: string;
  refused: boolean;
  accepted: boolean;
  /** The message that it became, as first heard from anybody. */
  id: string | undefined;
  seq: number;
}

/** Something that was accepted. */
export interface Accepted {
  readonly id: string;
  readonly roomId: string;
  readonly seq: number;
  readonly clientMessageId: string;
}

/** What is wrong with a message that turned up somewhere; undefined when it is one that was said. */
export type Doubt = { readonly kind: 'phantom' | 'duplicated'; readonly detail: string } | undefined;

/** Everything that was said, by sender and the sender's own id for it. */
export class SentBook {
  readonly #sent = new Map<string, Sent>();
  /** Which message has which number, by room. */
  readonly #numbered = new Map<string, string[]>();
  #accepted = 0;
  #refused = 0;

  get accepted(): number {
    return this.#accepted;
  }

  get refused(): number {
    return this.#refused;
  }

  /** How much was said that the server neither accepted nor refused. */
  get unanswered(): number {
    return this.#sent.size - this.#accepted - this.#refused;
  }

  /** Somebody is about to say something for the first time. */
  say(userId: string, clientMessageId: string, roomId: string, text: string): void {
    const sent = { roomId, text, refused: false, accepted: false, id: undefined, seq: 0 };
    this.#sent.set(key(userId, clientMessageId), sent);
  }

  /** The server accepted it. */
  accept(userId: string, clientMessageId: string, message: Message): Doubt {
    const doubt = this.recognise(message);
    const sent = this.#sent.get(key(userId, clientMessageId));
    if (!sent || message.userId !== userId || message.clientMessageId !== clientMessageId)
      return { kind: 'phantom', detail: `${clientMessageId} was answered with ${message.clientMessageId}` };
    if (!sent.accepted) this.#accepted++;
    sent.accepted = true;
    return doubt;
  }

  /** The server refused it for good. */
  refuse(userId: string, clientMessageId: string): Doubt {
    const sent = this.#sent.get(key(userId, clientMessageId))!;
    if (!sent.refused) this.#refused++;
    sent.refused = true;
    return sent.id ? { kind: 'phantom', detail: 'was delivered and then refused' } : undefined;
  }

  /** Whether a message that turned up is one that was said, and the only one that it became. */
  recognise(message: Message): Doubt {
    const sent = this.#sent.get(key(message.userId, message.clientMessageId));
    if (!sent) return { kind: 'phantom', detail: 'was never said' };
    if (sent.refused) return { kind: 'phantom', detail: 'was refused' };
    if (sent.text !== message.text || sent.roomId !== message.roomId)
      return {
        kind: 'phantom',
        detail: `says “${message.text}” in ${message.roomId}, not “${sent.text}” in ${sent.roomId}`,
      };
    if (sent.id !== undefined && sent.id !== message.id)
      return { kind: 'duplicated', detail: `is stored as ${sent.id} (${sent.seq}) and as ${message.id}` };
    sent.id = message.id;
    sent.seq = message.seq;

    const numbered = this.#numbered.get(message.roomId) ?? [];
    this.#numbered.set(message.roomId, numbered);
    const other = (numbered[message.seq] ??= message.id);
    return other === message.id ? undefined : { kind: 'phantom', detail: `has the number of another one, ${other}` };
  }

  *allAccepted(): Generator<Accepted> {
    for (const [name, { accepted, id, roomId, seq }] of this.#sent)
      if (accepted) yield { id: id!, roomId, seq, clientMessageId: name.slice(name.indexOf(' ') + 1) };
  }
}

function key(userId: string, clientMessageId: string): string {
  return `${userId} ${clientMessageId}`;
}
