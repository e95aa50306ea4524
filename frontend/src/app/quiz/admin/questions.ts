import { DestroyRef, Service, inject, signal } from '@angular/core';

import { problemOf } from '../../accounts/problem';
import { Category, QuizApi } from '../quiz-api';
import { QuestionFilter, QuestionsApi, StoredQuestion } from './questions-api';

/** The list is asked for this long after the last letter of a search, in milliseconds. */
const TYPING_PAUSE = 250;

/** The questions that match what is searched for, page by page. */
@Service({ autoProvided: false })
export class Questions {
  private readonly api = inject(QuestionsApi);
  private readonly quiz = inject(QuizApi);

  private readonly _filter = signal<QuestionFilter>({ search: '', category: null });
  private readonly _found = signal<readonly StoredQuestion[]>([]);
  private readonly _total = signal(0);
  private readonly _hasMore = signal(false);
  private readonly _phase = signal<'loading' | 'ready' | 'failed'>('loading');
  private readonly _problem = signal('');
  private readonly _categories = signal<readonly Category[]>([]);
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** The last load that was begun: the answer to an earlier one comes too late. */
  private loads = 0;

  readonly filter = this._filter.asReadonly();
  readonly found = this._found.asReadonly();
  /** How many match, loaded or not. */
  readonly total = this._total.asReadonly();
  readonly hasMore = this._hasMore.asReadonly();
  readonly phase = this._phase.asReadonly();
  readonly problem = this._problem.asReadonly();
  readonly categories = this._categories.asReadonly();

  constructor() {
    inject(DestroyRef).onDestroy(() => clearTimeout(this.timer));
  }

  search(typed: string): void {
    this._filter.update((filter) => ({ ...filter, search: typed.trim() }));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.load(), TYPING_PAUSE);
  }

  choose(category: string | null): void {
    this._filter.update((filter) => ({ ...filter, category }));
    void this.load();
  }

  /** Loads the list from its beginning, with the categories, which may have changed with it. */
  async load(): Promise<void> {
    clearTimeout(this.timer);
    void this.loadCategories();
    await this.fetch(null);
  }

  async loadMore(): Promise<void> {
    const last = this._found().at(-1);
    if (last && this._hasMore() && this._phase() !== 'loading') await this.fetch(last.id);
  }

  /** A question was changed: it stays where it stands. */
  put(question: StoredQuestion): void {
    this._found.update((found) => found.map((other) => (other.id === question.id ? question : other)));
    void this.loadCategories();
  }

  /** A question is asked no more. */
  async retire(id: string): Promise<void> {
    await this.api.retire(id);
    this._found.update((found) => found.filter((question) => question.id !== id));
    this._total.update((total) => Math.max(0, total - 1));
    void this.loadCategories();
  }

  private async fetch(after: string | null): Promise<void> {
    const load = ++this.loads;
    this._phase.set('loading');
    try {
      const page = await this.api.list(this._filter(), after);
      if (load !== this.loads) return;
      this._found.update((found) => (after === null ? page.questions : withPage(found, page.questions)));
      this._total.set(page.total);
      this._hasMore.set(page.hasMore);
      this._phase.set('ready');
    } catch (error) {
      if (load !== this.loads) return;
      this._problem.set(problemOf(error).sentence);
      this._phase.set('failed');
    }
  }

  private async loadCategories(): Promise<void> {
    try {
      this._categories.set(await this.quiz.categories());
    } catch {
      // They only help to choose.
    }
  }
}

/** A question that moved to a later page while somebody turned pages is there once. */
function withPage(found: readonly StoredQuestion[], page: readonly StoredQuestion[]): readonly StoredQuestion[] {
  const fresh = new Set(page.map(({ id }) => id));
  return [...found.filter(({ id }) => !fresh.has(id)), ...page];
}
