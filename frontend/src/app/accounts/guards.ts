import { inject } from '@angular/core';
import { CanActivateFn, Router } from '@angular/router';

import { Session } from './session';

/** Lets signed-in people pass; others sign in first and then come back to where they wanted to go. */
export const signedIn: CanActivateFn = async (_, state) => {
  const session = inject(Session);
  const router = inject(Router);
  await session.start();
  return session.signedIn() || router.createUrlTree(['/sign-in'], { queryParams: { returnUrl: state.url } });
};

/** Keeps signed-in people off the sign-in and register pages. */
export const signedOut: CanActivateFn = async (route) => {
  const session = inject(Session);
  const router = inject(Router);
  await session.start();
  return !session.signedIn() || router.parseUrl(safeReturnUrl(route.queryParamMap.get('returnUrl')));
};

/** A path inside the app, whatever the address bar was given. */
export function safeReturnUrl(url: string | null): string {
  return url && /^\/(?![/\\])/.test(url) && !/^\/(sign-in|register)\b/.test(url) ? url : '/';
}
