import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatIcon } from '@angular/material/icon';

import { ChatHub } from '../realtime/chat-hub';
import { ConnectionPanel } from './connection-panel';
import { wordsOf } from './link-words';

/** Where the person is connected and how it is going; opens the panel that tells more. */
@Component({
  selector: 'app-connection-chip',
  imports: [MatButton, MatIcon],
  template: `
    <button
      matButton
      type="button"
      aria-haspopup="dialog"
      data-testid="connection"
      [class]="words().tone"
      [attr.data-replica]="replica()"
      [attr.data-state]="state().phase"
      [attr.data-transport]="state().transport"
      (click)="openPanel()"
    >
      <mat-icon [svgIcon]="words().icon" aria-hidden="true" [class.turning]="words().icon === 'sync'" />
      <span class="visually-hidden">Connection: {{ connected() ? words().short + ' to' : '' }}</span
      >&ngsp; <span class="where">{{ connected() ? replica() : words().short }}</span>&ngsp;
      @if (connected()) {
        <span class="how">{{ state().transport }}</span>
      }
    </button>
  `,
  styles: `
    button {
      --mat-button-text-label-text-color: var(--mat-sys-on-surface);
      --mat-button-text-icon-offset: 0;

      max-width: 100%;
      padding: 0 0.85rem;
      border-radius: 1.25rem;
      background: var(--mat-sys-surface-container);
    }

    .where {
      overflow: hidden;
      font-weight: 560;
      text-overflow: ellipsis;
      white-space: nowrap;
    }

    .how {
      margin-left: 0.5rem;
      color: var(--mat-sys-on-surface-variant);
      font: var(--mat-sys-body-small);
    }

    .good mat-icon {
      color: var(--hub-good);
    }

    .wait mat-icon {
      color: var(--hub-wait);
    }

    .bad mat-icon {
      color: var(--hub-bad);
    }

    .turning {
      animation: turn 1.2s linear infinite;
    }

    @keyframes turn {
      to {
        rotate: -360deg;
      }
    }

    @media (max-width: 64rem) {
      .how {
        display: none;
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ConnectionChip {
  private readonly link = inject(ChatHub).link;
  private readonly dialog = inject(MatDialog);

  protected readonly state = this.link.state;
  protected readonly connected = this.link.connected;
  protected readonly words = computed(() => wordsOf(this.state()));
  protected readonly replica = computed(() => this.state().replica?.name ?? null);

  protected openPanel(): void {
    this.dialog.open(ConnectionPanel, {
      width: '26rem',
      maxWidth: 'calc(100vw - 1rem)',
      position: { top: '4.25rem', right: '0.5rem' },
    });
  }
}
