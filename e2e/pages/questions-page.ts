import type { Locator, Page } from '@playwright/test';

/** The list of all questions, which the administrator keeps. */
export class QuestionsPage {
  readonly page: Page;
  readonly search: Locator;
  readonly items: Locator;
  readonly dialog: Locator;
  readonly title: Locator;
  readonly category: Locator;
  readonly options: Locator;
  readonly file: Locator;
  readonly import: Locator;
  readonly notice: Locator;

  constructor(page: Page) {
    this.page = page;
    this.search = page.getByRole('searchbox', { name: 'Search questions' });
    this.items = page.getByRole('list', { name: 'Questions' }).getByRole('listitem');
    this.dialog = page.getByRole('dialog');
    this.title = this.dialog.getByRole('textbox', { name: 'Question', exact: true });
    this.category = this.dialog.getByRole('combobox', { name: 'Category' });
    this.options = this.dialog.getByRole('textbox', { name: /^Option \d$/ });
    this.file = this.dialog.getByLabel('File with questions');
    this.import = this.dialog.getByRole('button', { name: 'Import', exact: true });
    this.notice = page.locator('mat-snack-bar-container');
  }

  async visit(): Promise<void> {
    await this.page.goto('/quiz/admin');
  }

  item(title: string): Locator {
    return this.items.filter({ hasText: title });
  }

  async edit(title: string): Promise<void> {
    await this.page.getByRole('button', { name: `Edit: ${title}` }).click();
  }

  async retire(title: string): Promise<void> {
    await this.page.getByRole('button', { name: `Retire: ${title}` }).click();
  }

  async save(): Promise<void> {
    await this.dialog.getByRole('button', { name: /^(Save|Add question)$/ }).click();
  }

  async openImport(): Promise<void> {
    await this.page.getByRole('button', { name: 'Import', exact: true }).click();
  }

  async choose(name: string, text: string): Promise<void> {
    await this.file.setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(text) });
  }
}
