import { DOCUMENT, Service, effect, inject, signal } from '@angular/core';

import { KEPT_STRINGS } from '../realtime/storage';

export type ThemeChoice = 'auto' | 'light' | 'dark';

/** Light, dark, or as the system is; remembered on this device. */
@Service()
export class Theme {
  private readonly kept = inject(KEPT_STRINGS);
  private readonly root = inject(DOCUMENT).documentElement;

  private readonly _choice = signal<ThemeChoice>(readChoice(this.kept.get('theme')));

  readonly choice = this._choice.asReadonly();

  constructor() {
    effect(() => {
      const choice = this._choice();
      if (choice === 'auto') delete this.root.dataset['theme'];
      else this.root.dataset['theme'] = choice;
    });
  }

  choose(choice: ThemeChoice): void {
    this._choice.set(choice);
    this.kept.set('theme', choice === 'auto' ? null : choice);
  }
}

function readChoice(value: string | null): ThemeChoice {
  return value === 'light' || value === 'dark' ? value : 'auto';
}
