import { ChangeDetectionStrategy, Component, effect, inject, linkedSignal, untracked } from '@angular/core';
import { Router, RouterOutlet } from '@angular/router';

import { Session } from './accounts/session';
import { Theme } from './shell/theme';

@Component({
  selector: 'app-root',
  imports: [RouterOutlet],
  // Pages belong to one person: when another one signs in, in another tab perhaps, they are made anew.
  template: `@for (person of [identity()]; track person.generation) {
    <router-outlet />
  }`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class App {
  private readonly session = inject(Session);
  private readonly router = inject(Router);

  protected readonly identity = linkedSignal<string | null, { userId: string | null; generation: number }>({
    source: () => this.session.user()?.id ?? null,
    computation: (userId, previous) => {
      const before = previous?.value ?? { userId: null, generation: 0 };
      const other = userId !== null && before.userId !== null && userId !== before.userId;
      return { userId: userId ?? before.userId, generation: before.generation + (other ? 1 : 0) };
    },
  });

  constructor() {
    // Applies the remembered theme.
    inject(Theme);

    effect(() => {
      const phase = this.session.phase();
      if (phase === 'signed-out' || phase === 'ended') untracked(() => this.leave(phase));
    });
  }

  /** A session that ended by itself is to be gone on with; somebody who signed out starts anew. */
  private leave(phase: 'signed-out' | 'ended'): void {
    const { url } = this.router;
    if (!this.router.navigated || /^\/(sign-in|register)\b/.test(url)) return;
    void this.router.navigate(['/sign-in'], { queryParams: phase === 'ended' ? { returnUrl: url } : {} });
  }
}
