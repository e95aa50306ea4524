import { HttpErrorResponse, HttpInterceptorFn, HttpRequest } from '@angular/common/http';
import { inject } from '@angular/core';
import { catchError, from, switchMap, throwError } from 'rxjs';

import { Session } from './session';

/** Calls that need no token: they are how one gets in, or are open to all. */
const OPEN = /^\/api\/(accounts\/(register|login|refresh|logout)|replicas)\b/;

/** Signs calls with the access token. When the server rejects the token all the same, gets a new one and tries once more. */
export const bearer: HttpInterceptorFn = (request, next) => {
  if (!request.url.startsWith('/api/') || OPEN.test(request.url)) return next(request);
  const session = inject(Session);
  return from(session.accessToken().catch(noAnswer)).pipe(
    switchMap((token) => next(signed(request, token))),
    catchError((error: unknown) => {
      if (!(error instanceof HttpErrorResponse) || error.status !== 401 || !session.signedIn())
        return throwError(() => error);
      return from(session.renew().catch(noAnswer)).pipe(
        switchMap((renewed) => (renewed ? next(signed(request, renewed.accessToken)) : throwError(() => error))),
      );
    }),
  );
};

function signed(request: HttpRequest<unknown>, token: string): HttpRequest<unknown> {
  return request.clone({ setHeaders: { Authorization: `Bearer ${token}` } });
}

/** A token that cannot be had is, for the caller, a server that cannot be reached. */
function noAnswer(error: unknown): never {
  throw error instanceof HttpErrorResponse ? error : new HttpErrorResponse({ status: 401, error });
}
