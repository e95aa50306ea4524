import { LiveAnnouncer } from '@angular/cdk/a11y';
import { DestroyRef, Service, inject } from '@angular/core';

import { Message } from '../realtime/chat-hub.contract';

/** Messages that come within this time are told together, in milliseconds. */
const TOGETHER = 700;

/** More than these are counted, not read out. */
const MOST_READ_OUT = 2;

/** Tells screen readers of new messages, each once, politely, and never of earlier ones that are only being loaded. */
@Service({ autoProvided: false })
export class Announcer {
  private readonly live = inject(LiveAnnouncer);

  private readonly waiting: Message[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    inject(DestroyRef).onDestroy(() => clearTimeout(this.timer));
  }

  announce(message: Message): void {
    this.waiting.push(message);
    this.timer ??= setTimeout(() => this.tell(), TOGETHER);
  }

  private tell(): void {
    this.timer = undefined;
    void this.live.announce(wordsFor(this.waiting.splice(0)), 'polite');
  }
}

export function wordsFor(messages: readonly Message[]): string {
  const read = (message: Message) => `${message.userName}: ${message.text}`;
  const last = messages.at(-1);
  if (!last) return '';
  return messages.length <= MOST_READ_OUT
    ? messages.map(read).join('. ')
    : `${messages.length} new messages. ${read(last)}`;
}
