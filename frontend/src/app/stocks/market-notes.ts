import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatIcon } from '@angular/material/icon';

import { timeOf } from '../chat/times';
import { MarketCommand } from '../realtime/stock-ticker-hub.contract';
import { Market } from './market';
import { wholeText } from './numbers';

const DONE: Record<MarketCommand, string> = {
  Open: 'opened the market',
  Close: 'closed the market',
  Reset: 'began a new day',
};

/** A hole is told of for this long, in milliseconds. */
const HOLE_SHOWN = 60_000;

/** What one should know of the board just now: that it is frozen, that something was missing, and what administrators did. */
@Component({
  selector: 'app-market-notes',
  imports: [MatIcon],
  template: `
    <div aria-live="polite">
      @if (frozen()) {
        <p class="frozen">
          <mat-icon svgIcon="freeze" aria-hidden="true" />
          <!-- The count moves many times a second: nobody wants it read out. -->
          <span
            >Frozen, <span aria-live="off" data-testid="held">{{ held() }}</span></span
          >
        </p>
      }
      @if (hole(); as sentence) {
        <p class="hole">
          <mat-icon svgIcon="warning" aria-hidden="true" />
          {{ sentence }}
        </p>
      }
      @if (change(); as sentence) {
        <p>
          <mat-icon svgIcon="audit" aria-hidden="true" />
          {{ sentence }}
        </p>
      }
    </div>
  `,
  styles: `
    div {
      display: flex;
      flex-wrap: wrap;
      gap: 0.5rem 1.5rem;
    }

    /* Nothing to say takes no room, not even the gap. */
    :host.empty {
      margin-top: -0.75rem;
    }

    p {
      display: flex;
      align-items: center;
      gap: 0.5rem;
      color: var(--mat-sys-on-surface-variant);
      font: var(--mat-sys-body-medium);
      overflow-wrap: anywhere;
    }

    .frozen {
      color: var(--mat-sys-primary);
      font-weight: 560;
      font-variant-numeric: tabular-nums;
    }

    .hole {
      color: var(--hub-wait);
      font-weight: 560;
    }

    mat-icon {
      flex: none;
      width: 1.15rem;
      height: 1.15rem;
    }
  `,
  host: { '[class.empty]': '!frozen() && !hole() && !change()' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class MarketNotes {
  private readonly market = inject(Market);

  protected readonly frozen = this.market.frozen;
  protected readonly held = computed(() => {
    const { held } = this.market.standing();
    return `${wholeText(held)} ${held === 1 ? 'update' : 'updates'} held`;
  });
  protected readonly hole = computed(() => {
    const hole = this.market.hole();
    this.market.beat();
    if (!hole || Date.now() - hole.at > HOLE_SHOWN) return null;
    const missing = hole.came - hole.expected;
    const words =
      missing > 0
        ? `${wholeText(missing)} ${missing === 1 ? 'tick was' : 'ticks were'} missing after tick ${wholeText(hole.expected - 1)}`
        : `Tick ${wholeText(hole.came)} came out of turn`;
    return `${words}. All prices were loaded again.`;
  });
  protected readonly change = computed(() => {
    const change = this.market.change();
    return change && `${change.by} ${DONE[change.command]} at ${timeOf(Date.parse(change.at))}`;
  });
}
