import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { ApplicationConfig, inject, provideBrowserGlobalErrorListeners } from '@angular/core';
import { OverlayContainer } from '@angular/cdk/overlay';
import { MAT_SNACK_BAR_DEFAULT_OPTIONS } from '@angular/material/snack-bar';
import { TitleStrategy, provideRouter, withComponentInputBinding, withRouterConfig } from '@angular/router';

import { bearer } from './accounts/bearer';
import { Session } from './accounts/session';
import { routes } from './app.routes';
import { ACCESS_TOKENS, AccessTokens } from './realtime/access-token';
import { toReplica } from './realtime/to-replica';
import { provideIcons } from './shell/icons';
import { OverlayLandmark } from './shell/overlay-landmark';
import { PageTitle } from './shell/page-title';

export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideRouter(routes, withComponentInputBinding(), withRouterConfig({ paramsInheritanceStrategy: 'always' })),
    // The token first, the replica last: a retry elsewhere carries the same token.
    provideHttpClient(withInterceptors([bearer, toReplica])),
    provideIcons(),
    { provide: OverlayContainer, useExisting: OverlayLandmark },
    { provide: TitleStrategy, useExisting: PageTitle },
    { provide: ACCESS_TOKENS, useFactory: accessTokens },
    { provide: MAT_SNACK_BAR_DEFAULT_OPTIONS, useValue: { verticalPosition: 'top', duration: 5_000 } },
  ],
};

function accessTokens(): AccessTokens {
  const session = inject(Session);
  return { fresh: () => session.accessToken(), endsAt: session.endsAt };
}
