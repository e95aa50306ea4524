import { Service, computed, inject, linkedSignal } from '@angular/core';

import { Session } from '../accounts/session';

export interface Points {
  readonly asked: number;
  readonly right: number;
  /** How many of the last ones were right in a row. */
  readonly streak: number;
}

const NONE: Points = { asked: 0, right: 0, streak: 0 };

/** How a person does since they opened the app. Somebody else who signs in starts at nothing. */
@Service()
export class Score {
  private readonly user = inject(Session).user;

  private readonly _points = linkedSignal({ source: computed(() => this.user()?.id), computation: () => NONE });

  readonly points = this._points.asReadonly();

  count(isCorrect: boolean): void {
    this._points.update((points) => counted(points, isCorrect));
  }
}

export function counted({ asked, right, streak }: Points, isCorrect: boolean): Points {
  return { asked: asked + 1, right: right + (isCorrect ? 1 : 0), streak: isCorrect ? streak + 1 : 0 };
}
