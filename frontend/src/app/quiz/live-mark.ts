import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { MatIcon } from '@angular/material/icon';

import { wordsOf } from '../cluster/link-words';
import { LinkState } from '../realtime/link-state';

/** Whether what is shown moves by itself just now, and through which replica. */
@Component({
  selector: 'app-live-mark',
  imports: [MatIcon],
  template: `
    <p
      data-testid="live"
      [class]="words().tone"
      [attr.data-state]="state().phase"
      [attr.data-replica]="state().replica?.name"
    >
      <mat-icon [svgIcon]="isLive() ? 'bolt' : words().icon" aria-hidden="true" />
      {{ isLive() ? 'Live' : words().short }}
      @if (isLive()) {
        <span class="where">on {{ state().replica?.name }}</span>
      }
    </p>
  `,
  styles: `
    p {
      display: flex;
      align-items: center;
      gap: 0.35em;
      color: var(--mat-sys-on-surface);
      font-weight: 560;
      white-space: nowrap;
    }

    .where {
      color: var(--mat-sys-on-surface-variant);
      font-weight: 400;
    }

    @media (max-width: 30rem) {
      .where {
        display: none;
      }
    }

    mat-icon {
      flex: none;
      width: 1.25em;
      height: 1.25em;
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
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class LiveMark {
  readonly state = input.required<LinkState>();

  protected readonly words = computed(() => wordsOf(this.state()));
  protected readonly isLive = computed(() => this.state().phase === 'connected');
}
