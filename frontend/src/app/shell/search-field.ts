import { ChangeDetectionStrategy, Component, input, model } from '@angular/core';
import { MatIcon } from '@angular/material/icon';

/** A field to search a list with; Escape empties it. */
@Component({
  selector: 'app-search-field',
  imports: [MatIcon],
  template: `
    <mat-icon svgIcon="search" aria-hidden="true" />
    <input
      type="search"
      autocomplete="off"
      [attr.aria-label]="label()"
      [placeholder]="placeholder()"
      [value]="text()"
      (input)="text.set(entered($event))"
      (keydown.escape)="text.set('')"
    />
  `,
  styleUrl: './search-field.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SearchField {
  readonly text = model.required<string>();
  readonly label = input.required<string>();
  readonly placeholder = input.required<string>();

  protected entered(event: Event): string {
    return (event.target as HTMLInputElement).value;
  }
}
