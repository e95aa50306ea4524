import {
  HttpErrorResponse,
  HttpEvent,
  HttpEventType,
  HttpInterceptorFn,
  HttpRequest,
  HttpResponse,
} from '@angular/common/http';
import { inject } from '@angular/core';
import { Observable, TimeoutError, catchError, filter, tap, throwError, timeout } from 'rxjs';

import { Replicas } from './replicas';
import { PINNED, REPEATABLE } from './request-context';

/** How long a read may take before another replica is asked, in milliseconds. */
const READ_TIMEOUT = 6_000;
/** How long anything else may take, in milliseconds. */
const WRITE_TIMEOUT = 20_000;

/**
 * Sends every call under `/api/` to the replica in use. A read that gets no answer goes on to the next replica, and so on through all
 * of them once; a write does not, because it may have been carried out, but the next call goes elsewhere.
 */
export const toReplica: HttpInterceptorFn = (request, next) => {
  if (!request.url.startsWith('/api/') || request.context.get(PINNED)) return next(request);
  const replicas = inject(Replicas);
  const repeatable = request.method === 'GET' || request.method === 'HEAD' || request.context.get(REPEATABLE);
  const order = replicas.candidates();

  const attempt = (index: number): Observable<HttpEvent<unknown>> => {
    const url = order[index]!;
    return next(addressed(request, url, replicas.isOwn(url))).pipe(
      // That it was sent is no sign of life.
      filter((event) => event.type !== HttpEventType.Sent),
      timeout({ first: repeatable ? READ_TIMEOUT : WRITE_TIMEOUT }),
      tap((event) => {
        if (!(event instanceof HttpResponse)) return;
        replicas.heardFrom(url, event.headers.get('X-Replica'));
        if (index > 0) replicas.settle(url);
      }),
      catchError((error: unknown) => {
        if (!gotNoAnswer(error)) return throwError(() => error);
        replicas.suspect(url);
        const last = index + 1 >= order.length;
        return repeatable && !last ? attempt(index + 1) : throwError(() => asHttpError(error, request));
      }),
    );
  };
  return attempt(0);
};

function addressed(request: HttpRequest<unknown>, url: string, own: boolean): HttpRequest<unknown> {
  return own ? request : request.clone({ url: url + request.url, withCredentials: true });
}

/** No answer from the replica itself: the network failed, time ran out, or a proxy in front of it found nobody. */
function gotNoAnswer(error: unknown): boolean {
  if (error instanceof TimeoutError) return true;
  return error instanceof HttpErrorResponse && (error.status === 0 || error.status === 502 || error.status === 504);
}

/** Callers see one kind of error, also for a time-out. */
function asHttpError(error: unknown, request: HttpRequest<unknown>): unknown {
  return error instanceof TimeoutError ? new HttpErrorResponse({ status: 0, url: request.url, error }) : error;
}
