import { ChangeDetectionStrategy, Component, input, signal } from '@angular/core';
import { FieldTree, FormField } from '@angular/forms/signals';
import { MatIconButton } from '@angular/material/button';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatIcon } from '@angular/material/icon';
import { MatInput } from '@angular/material/input';

/** A password that can be shown while it is typed. */
@Component({
  selector: 'app-password-field',
  imports: [FormField, MatFormFieldModule, MatIcon, MatIconButton, MatInput],
  template: `
    <mat-form-field appearance="outline" hideRequiredMarker>
      <mat-label>Password</mat-label>
      <input
        matInput
        [type]="shown() ? 'text' : 'password'"
        [formField]="field()"
        [autocomplete]="autocomplete()"
        autocapitalize="none"
        spellcheck="false"
      />
      <button
        matIconButton
        matSuffix
        type="button"
        [attr.aria-label]="shown() ? 'Hide password' : 'Show password'"
        [attr.aria-pressed]="shown()"
        (click)="toggle()"
      >
        <mat-icon [svgIcon]="shown() ? 'hidden' : 'visible'" />
      </button>
      @if (hint(); as text) {
        <mat-hint>{{ text }}</mat-hint>
      }
      @for (error of field()().errors(); track $index) {
        <mat-error>{{ error.message }}</mat-error>
      }
    </mat-form-field>
  `,
  styles: `
    mat-form-field {
      width: 100%;
    }

    button {
      margin-right: 0.25rem;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PasswordField {
  readonly field = input.required<FieldTree<string>>();
  readonly autocomplete = input<'current-password' | 'new-password'>('current-password');
  readonly hint = input('');

  protected readonly shown = signal(false);

  protected toggle(): void {
    this.shown.update((shown) => !shown);
  }
}
