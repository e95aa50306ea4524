import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { MatIcon } from '@angular/material/icon';

import { Points } from './score';

/** How it goes, small: right answers of all, and how many in a row. */
@Component({
  selector: 'app-score-line',
  imports: [MatIcon],
  template: `
    <p data-testid="score">
      <span class="visually-hidden">Your score: </span>
      <strong>{{ points().right }}</strong> of {{ points().asked }} right
    </p>
    @if (points().streak > 1) {
      <p class="streak" data-testid="streak">
        <mat-icon svgIcon="streak" aria-hidden="true" />
        {{ points().streak }} in a row
      </p>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      justify-content: flex-end;
      align-items: center;
      gap: 0.25rem 0.75rem;
      color: var(--mat-sys-on-surface-variant);
      font: var(--mat-sys-body-medium);
      font-variant-numeric: tabular-nums;
    }

    p {
      white-space: nowrap;
    }

    strong {
      color: var(--mat-sys-on-surface);
      font-weight: 700;
    }

    .streak {
      display: flex;
      align-items: center;
      gap: 0.3rem;
      padding: 0.2rem 0.7rem 0.2rem 0.45rem;
      border-radius: 1rem;
      background: var(--mat-sys-tertiary-container);
      color: var(--mat-sys-on-tertiary-container);
      font-weight: 560;
    }

    mat-icon {
      width: 1.1rem;
      height: 1.1rem;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ScoreLine {
  readonly points = input.required<Points>();
}
