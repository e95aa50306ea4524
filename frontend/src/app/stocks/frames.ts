import { InjectionToken } from '@angular/core';

/** Calls back before the next time that the page is painted; not while nobody sees it. */
export type NextFrame = (draw: () => void) => void;

export const NEXT_FRAME = new InjectionToken<NextFrame>('next frame', {
  providedIn: 'root',
  factory: () => (draw) => void requestAnimationFrame(draw),
});
