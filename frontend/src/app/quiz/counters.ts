import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { MatIcon } from '@angular/material/icon';

import { Summary } from '../realtime/statistics-hub.contract';
import { whole } from './charts/marks';

/** The two numbers that everybody looks at: right answers in a green box, wrong ones in a red box. */
@Component({
  selector: 'app-counters',
  imports: [MatIcon],
  template: `
    <dl>
      <div class="right" [style.--digits]="correct().length">
        <dt><mat-icon svgIcon="check-circle" aria-hidden="true" />Correct</dt>
        <dd data-testid="correct">{{ correct() }}</dd>
      </div>
      <div class="wrong" [style.--digits]="incorrect().length">
        <dt><mat-icon svgIcon="cross" aria-hidden="true" />Incorrect</dt>
        <dd data-testid="incorrect">{{ incorrect() }}</dd>
      </div>
    </dl>
  `,
  styles: `
    :host {
      display: block;
    }

    dl {
      display: grid;
      grid-template-columns: repeat(var(--counter-columns, 2), minmax(0, 1fr));
      grid-auto-rows: minmax(0, 1fr);
      gap: 1rem;
      height: 100%;
      margin: 0;
    }

    div {
      display: flex;
      flex-direction: column;
      justify-content: space-between;
      min-width: 0;
      padding: 1.1rem 1.4rem;
      border-radius: 1.5rem;
      container-type: var(--counter-container, inline-size);
    }

    .right {
      background: var(--hub-right-ground);
      color: var(--hub-on-right-ground);
    }

    .wrong {
      background: var(--hub-wrong-ground);
      color: var(--hub-on-wrong-ground);
    }

    dt {
      display: flex;
      align-items: center;
      gap: 0.4em;
      font-size: var(--counter-label, 1.05rem);
      font-weight: 560;
    }

    mat-icon {
      flex: none;
      width: 1.35em;
      height: 1.35em;
    }

    /* However long a number grows, it fits its box. */
    dd {
      margin: 0;
      font: 700 min(var(--counter-number, 3.5rem), calc(150cqi / var(--digits))) / 1.1
        var(--mat-sys-display-medium-font);
      font-variant-numeric: tabular-nums;
      letter-spacing: -0.03em;
    }

    @media (max-width: 45rem) {
      div {
        padding: 0.9rem 1rem;
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Counters {
  readonly summary = input.required<Summary>();

  protected readonly correct = computed(() => whole(this.summary().correctAnswers));
  protected readonly incorrect = computed(() => whole(this.summary().incorrectAnswers));
}
