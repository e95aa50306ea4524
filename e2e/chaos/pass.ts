import type { Account } from '../fixtures/account.ts';
import type { Session } from '../fixtures/wire.ts';

/** A token that ends within this time is not used any more, in milliseconds. */
const margin = 10_000;
const patience = 5_000;

/** A client's right to enter: its token, and a new one from whichever replica answers when that ends. */
export class Pass {
  readonly #account: Account;
  readonly #urls: readonly string[];
  #token: string;
  #endsAt: number;
  #renewal: Promise<void> | undefined;

  constructor(account: Account, urls: readonly string[]) {
    this.#account = account;
    this.#urls = urls;
    this.#token = account.accessToken;
    this.#endsAt = Date.parse(account.expiresAt);
  }

  async fresh(): Promise<string> {
    if (Date.now() > this.#endsAt - margin) {
      this.#renewal ??= this.#renew().finally(() => (this.#renewal = undefined));
      await this.#renewal;
    }
    return this.#token;
  }

  async #renew(): Promise<void> {
    let problem: unknown;
    for (const url of this.#urls) {
      try {
        const response = await fetch(`${url}/api/accounts/login`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ userName: this.#account.userName, password: this.#account.password }),
          signal: AbortSignal.timeout(patience),
        });
        if (!response.ok) throw new Error(`Signing in answered ${response.status}.`);
        const session = (await response.json()) as Session;
        this.#token = session.accessToken;
        this.#endsAt = Date.parse(session.expiresAt);
        return;
      } catch (error) {
        problem = error;
      }
    }
    throw problem;
  }
}
