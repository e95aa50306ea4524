import type { Locator } from '@playwright/test';

/** A message in a conversation. */
export class MessageBubble {
  readonly element: Locator;
  readonly sending: Locator;
  readonly waiting: Locator;
  readonly sent: Locator;
  readonly notSent: Locator;
  readonly retry: Locator;
  readonly edit: Locator;
  readonly discard: Locator;

  constructor(element: Locator) {
    this.element = element;
    this.sending = element.getByRole('img', { name: 'Sending' });
    this.waiting = element.getByRole('img', { name: 'Waiting to be sent' });
    this.sent = element.getByRole('img', { name: 'Sent, accepted by' });
    this.notSent = element.getByRole('img', { name: 'Not sent' });
    this.retry = element.getByRole('button', { name: 'Retry' });
    this.edit = element.getByRole('button', { name: 'Edit' });
    this.discard = element.getByRole('button', { name: 'Discard' });
  }
}
