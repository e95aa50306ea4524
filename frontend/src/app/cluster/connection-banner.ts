import { ChangeDetectionStrategy, Component, DestroyRef, computed, effect, inject, input, signal } from '@angular/core';
import { MatIcon } from '@angular/material/icon';

import { ChatHub } from '../realtime/chat-hub';

/** A loss that heals faster than this is told afterwards, if at all, in milliseconds: a flash would only worry. */
const PATIENCE = 1_200;

const APART =
  'The servers are not connected to each other. People on another server see what you do only when they load the page again.';

/**
 * Says that there is no connection, for as long as there is none, and that the servers themselves are cut off from each other, for now or
 * always.
 */
@Component({
  selector: 'app-connection-banner',
  imports: [MatIcon],
  template: `
    <div role="status">
      @if (text(); as sentence) {
        <p>
          <mat-icon [svgIcon]="apart() ? 'error' : 'cloud-off'" aria-hidden="true" />
          {{ sentence }}
        </p>
      }
    </div>
  `,
  styles: `
    p {
      display: flex;
      align-items: center;
      justify-content: center;
      gap: 0.6rem;
      padding: 0.5rem 1rem;
      background: light-dark(#ffe2b8, #4a3208);
      color: light-dark(#3d2600, #ffe2b8);
      font: var(--mat-sys-body-medium);
    }

    mat-icon {
      flex: none;
      width: 1.2rem;
      height: 1.2rem;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ConnectionBanner {
  /** The connection that it is about. */
  readonly link = input(inject(ChatHub).link);
  /** What the loss means for the person, until it is over. */
  readonly meanwhile = input('What you write is kept and sent as soon as it can be.');

  /** Connected, to a replica that cannot reach the store of messages. */
  private readonly cutOff = computed(() => this.link().connected() && this.link().storeAway());
  /** Connected, to a replica that is connected to no other one. */
  protected readonly apart = computed(() => this.link().connected() && this.link().backplane() === 'none');
  private readonly late = signal(false);
  private timer: ReturnType<typeof setTimeout> | undefined;

  protected readonly text = computed(() => {
    const { phase } = this.link().state();
    if (this.apart()) return APART;
    if (this.late() && this.cutOff()) return `The servers cannot exchange messages at the moment. ${this.meanwhile()}`;
    if (!this.late() || phase === 'connected' || phase === 'idle') return null;
    if (phase === 'offline') return `You are offline. ${this.meanwhile()}`;
    if (phase === 'reconnecting') return `The connection was lost; looking for another server. ${this.meanwhile()}`;
    return 'No server has answered yet; still trying.';
  });

  constructor() {
    effect(() => {
      clearTimeout(this.timer);
      if (this.link().connected() && !this.cutOff()) this.late.set(false);
      else this.timer = setTimeout(() => this.late.set(true), PATIENCE);
    });
    inject(DestroyRef).onDestroy(() => clearTimeout(this.timer));
  }
}
