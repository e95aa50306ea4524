export interface User {
  readonly id: string;
  readonly userName: string;
  readonly roles: readonly string[];
}

/** What register, login and refresh answer. */
export interface SessionAnswer {
  readonly accessToken: string;
  readonly expiresAt: string;
  readonly user: User;
}

export interface Credentials {
  readonly userName: string;
  readonly password: string;
}
