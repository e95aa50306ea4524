import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { MatIcon } from '@angular/material/icon';

/** What is wrong with a whole form, said aloud when it appears. */
@Component({
  selector: 'app-form-problem',
  imports: [MatIcon],
  template: `
    <div [class]="tone()" [attr.role]="tone() === 'problem' ? 'alert' : 'status'">
      <mat-icon [svgIcon]="tone() === 'problem' ? 'error' : 'clock'" aria-hidden="true" />
      <span>{{ text() }}</span>
    </div>
  `,
  styles: `
    :host {
      display: block;
    }

    div {
      display: flex;
      align-items: flex-start;
      gap: 0.75rem;
      padding: 0.85rem 1rem;
      border-radius: 0.85rem;
      font: var(--mat-sys-body-medium);
    }

    mat-icon {
      flex: none;
      width: 1.25rem;
      height: 1.25rem;
    }

    .problem {
      background: var(--mat-sys-error-container);
      color: var(--mat-sys-on-error-container);
    }

    .note {
      background: var(--mat-sys-surface-container-high);
      color: var(--mat-sys-on-surface);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class FormProblem {
  readonly text = input.required<string>();
  readonly tone = input<'problem' | 'note'>('problem');
}
