import type { Locator, Page } from '@playwright/test';

/** The menu behind the person's picture. */
export class AccountMenu {
  readonly #page: Page;
  readonly button: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.button = page.getByRole('button', { name: /^Account of / });
  }

  async signOut(): Promise<void> {
    await this.button.click();
    await this.#page.getByRole('menuitem', { name: 'Sign out' }).click();
  }

  async chooseLook(look: 'Look of the system' | 'Light' | 'Dark'): Promise<void> {
    await this.button.click();
    await this.#page.getByRole('menuitemradio', { name: look }).click();
  }
}
