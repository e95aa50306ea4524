import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

import { hueOf, initialsOf } from './avatar-look';

/** A person's initials on their colour. Decoration: the name always stands beside it. */
@Component({
  selector: 'app-avatar',
  template: '',
  styles: `
    :host {
      display: inline-grid;
      flex: none;
      place-items: center;
      width: var(--avatar-size, 2.25rem);
      height: var(--avatar-size, 2.25rem);
      border-radius: 34%;
      background: light-dark(oklch(0.89 0.065 var(--hue)), oklch(0.36 0.065 var(--hue)));
      color: light-dark(oklch(0.36 0.1 var(--hue)), oklch(0.93 0.05 var(--hue)));
      font: 640 calc(var(--avatar-size, 2.25rem) * 0.38) / 1 var(--mat-sys-body-medium-font);
      letter-spacing: 0.01em;
      user-select: none;
    }

    /* Drawn, not written: it is no text that a name has to repeat, or that is copied along. */
    :host::before {
      content: attr(data-initials);
    }
  `,
  host: { 'aria-hidden': 'true', '[attr.data-initials]': 'initials()', '[style.--hue]': 'hue()' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Avatar {
  readonly name = input.required<string>();
  /** What the colour is taken from: an id stays the same when a name changes. */
  readonly seed = input.required<string>();

  protected readonly initials = computed(() => initialsOf(this.name()));
  protected readonly hue = computed(() => hueOf(this.seed()));
}
