import { HttpClient, HttpParams, HttpResponse } from '@angular/common/http';
import { Service, inject } from '@angular/core';
import { firstValueFrom } from 'rxjs';

import { inCategory } from '../quiz-api';

/** How many questions a page of the list holds. */
export const PAGE = 50;

/** The largest file that can be imported, in bytes. */
export const LARGEST_FILE = 2 * 1024 * 1024;

/** An option as an administrator sees it. A new one has no id yet. */
export interface EditedOption {
  readonly id?: string;
  readonly title: string;
  readonly isCorrect: boolean;
}

export interface QuestionText {
  readonly title: string;
  readonly category: string;
  readonly explanation: string;
  readonly options: readonly EditedOption[];
}

/** A question with everything, the right answer too. */
export interface StoredQuestion extends QuestionText {
  readonly id: string;
  /** Rises with every change. */
  readonly revision: number;
  /** How often it was answered. */
  readonly answers: number;
}

export interface QuestionList {
  readonly questions: readonly StoredQuestion[];
  /** How many match, this page and all others. */
  readonly total: number;
  readonly hasMore: boolean;
}

export interface QuestionFilter {
  readonly search: string;
  readonly category: string | null;
}

export type ImportFormat = 'json' | 'csv' | 'opentdb';

export interface ImportOptions {
  /** Null: the server recognises it. */
  readonly format: ImportFormat | null;
  /** Only tells what would happen. */
  readonly dryRun: boolean;
  /** Takes the rows that are good although others are not. */
  readonly skipInvalid: boolean;
}

export interface ImportError {
  /** From 1. */
  readonly row: number;
  readonly field: string | null;
  readonly message: string;
}

export interface ImportReport {
  readonly dryRun: boolean;
  readonly format: string;
  readonly rows: number;
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly errors: readonly ImportError[];
  /** How many errors there are beyond those listed. */
  readonly moreErrors?: number;
}

/** The keeping of questions over HTTP, for administrators. */
@Service()
export class QuestionsApi {
  private readonly http = inject(HttpClient);

  /** @param after The id of the last question of the page before. */
  list({ search, category }: QuestionFilter, after: string | null): Promise<QuestionList> {
    const fromObject = {
      limit: PAGE,
      ...(search && { search }),
      ...(category && { category }),
      ...(after && { after }),
    };
    return firstValueFrom(
      this.http.get<QuestionList>('/api/quiz/questions', { params: new HttpParams({ fromObject }) }),
    );
  }

  read(id: string): Promise<StoredQuestion> {
    return firstValueFrom(this.http.get<StoredQuestion>(pathOf(id)));
  }

  create(text: QuestionText): Promise<StoredQuestion> {
    return firstValueFrom(this.http.post<StoredQuestion>('/api/quiz/questions', text));
  }

  /** @param revision The one that was edited: somebody else's change in the meantime is a conflict. */
  change(id: string, text: QuestionText, revision: number): Promise<StoredQuestion> {
    return firstValueFrom(this.http.put<StoredQuestion>(pathOf(id), { ...text, revision }));
  }

  /** It is asked no more; its answers stay in the statistics. */
  async retire(id: string): Promise<void> {
    await firstValueFrom(this.http.delete<void>(pathOf(id)));
  }

  import(file: Blob, { format, dryRun, skipInvalid }: ImportOptions): Promise<ImportReport> {
    const params = new HttpParams({
      fromObject: { dryRun, ...(skipInvalid && { skipInvalid }), ...(format && { format }) },
    });
    // The type is not the format's: servers and proxies must not read anything into it.
    const body = new Blob([file], { type: 'application/octet-stream' });
    return firstValueFrom(this.http.post<ImportReport>('/api/quiz/import', body, { params }));
  }

  /** A pack with all questions, or with those of a category. */
  async export(category: string | null): Promise<{ readonly pack: Blob; readonly name: string }> {
    const response = await firstValueFrom(
      this.http.get('/api/quiz/export', {
        params: inCategory(category),
        observe: 'response',
        responseType: 'blob',
      }),
    );
    return { pack: response.body!, name: nameOf(response) ?? 'hubbub-quiz.json' };
  }
}

function pathOf(id: string): string {
  return `/api/quiz/questions/${encodeURIComponent(id)}`;
}

/** What the server wants the file to be called, without a path. */
function nameOf(response: HttpResponse<Blob>): string | null {
  const name = /filename="?([^";]+)"?/.exec(response.headers.get('Content-Disposition') ?? '')?.[1];
  return name && /^[\w.-]+$/.test(name) ? name : null;
}
