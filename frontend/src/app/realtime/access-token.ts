import { InjectionToken } from '@angular/core';

/** Where hubs get a valid access token from. */
export interface AccessTokens {
  /** A token that is good for a while yet; rejects when nobody is signed in or no replica can be asked. */
  fresh(): Promise<string>;
  /** When the current token ends by this device's clock, in milliseconds since 1970; 0 without one. */
  readonly endsAt: () => number;
}

export const ACCESS_TOKENS = new InjectionToken<AccessTokens>('access tokens');
