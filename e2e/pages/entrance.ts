import type { Locator, Page } from '@playwright/test';

/** The pages for those who are not signed in: sign in, and create an account. */
export class Entrance {
  readonly #page: Page;
  readonly userName: Locator;
  readonly password: Locator;
  readonly problem: Locator;
  /** What is said without it being a problem. */
  readonly note: Locator;
  readonly createAccount: Locator;
  readonly signIn: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.userName = page.getByRole('textbox', { name: 'User name' });
    this.password = page.getByLabel('Password', { exact: true });
    this.problem = page.getByRole('alert');
    this.note = page.getByRole('status');
    this.createAccount = page.getByRole('button', { name: 'Create account' });
    this.signIn = page.getByRole('button', { name: 'Sign in' });
  }

  async openRegister(): Promise<void> {
    await this.#page.goto('/register');
  }

  async openSignIn(): Promise<void> {
    await this.#page.goto('/sign-in');
  }

  async fill(userName: string, password: string): Promise<void> {
    await this.userName.fill(userName);
    await this.password.fill(password);
  }

  async register(userName: string, password: string): Promise<void> {
    await this.fill(userName, password);
    await this.createAccount.click();
  }

  async enter(userName: string, password: string): Promise<void> {
    await this.fill(userName, password);
    await this.signIn.click();
  }
}
