import { ChangeDetectionStrategy, Component, DOCUMENT, computed, inject, signal } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatIcon } from '@angular/material/icon';
import { MatInput } from '@angular/material/input';
import { MatProgressBar } from '@angular/material/progress-bar';
import { MatSnackBar } from '@angular/material/snack-bar';
import { MatTooltip } from '@angular/material/tooltip';
import { firstValueFrom } from 'rxjs';

import { FormProblem } from '../../accounts/form-problem';
import { problemOf } from '../../accounts/problem';
import { CategoryChoice, CategoryOption } from '../category-choice';
import { whole } from '../charts/marks';
import { ConfirmRetire } from './confirm-retire';
import { ImportDialog } from './import-dialog';
import { EditorData, QuestionEditor } from './question-editor';
import { Questions } from './questions';
import { ImportReport, QuestionsApi, StoredQuestion } from './questions-api';

/** All questions there are: to find, write, change, retire, bring in and take out. */
@Component({
  selector: 'app-questions-page',
  imports: [
    CategoryChoice,
    FormProblem,
    MatButton,
    MatFormFieldModule,
    MatIcon,
    MatIconButton,
    MatInput,
    MatProgressBar,
    MatTooltip,
  ],
  templateUrl: './questions-page.html',
  styleUrl: './questions-page.scss',
  providers: [Questions],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class QuestionsPage {
  private readonly api = inject(QuestionsApi);
  private readonly dialog = inject(MatDialog);
  private readonly document = inject(DOCUMENT);
  private readonly questions = inject(Questions);
  private readonly snackBar = inject(MatSnackBar);

  protected readonly filter = this.questions.filter;
  protected readonly found = this.questions.found;
  protected readonly hasMore = this.questions.hasMore;
  protected readonly phase = this.questions.phase;
  protected readonly problem = this.questions.problem;
  protected readonly exporting = signal(false);
  protected readonly options = computed<readonly CategoryOption[]>(() =>
    this.questions.categories().map(({ name, questions }) => ({ name, about: whole(questions) })),
  );
  protected readonly count = computed(() => {
    const total = this.questions.total();
    return `${whole(total)} ${total === 1 ? 'question' : 'questions'}`;
  });

  constructor() {
    void this.questions.load();
  }

  protected search(event: Event): void {
    this.questions.search((event.target as HTMLInputElement).value);
  }

  protected chooseCategory(category: string | null): void {
    this.questions.choose(category);
  }

  protected load(): void {
    void this.questions.load();
  }

  protected loadMore(): void {
    void this.questions.loadMore();
  }

  protected async create(): Promise<void> {
    if (await this.edited(null)) {
      this.tell('The question was added.');
      await this.questions.load();
    }
  }

  protected async edit(question: StoredQuestion): Promise<void> {
    const stored = await this.edited(question);
    if (!stored) return;
    this.questions.put(stored);
    this.tell('The question was saved.');
  }

  protected async retire(question: StoredQuestion): Promise<void> {
    const opened = this.dialog.open<ConfirmRetire, unknown, boolean>(ConfirmRetire, {
      width: '27rem',
      maxWidth: 'calc(100vw - 2rem)',
      data: { question },
    });
    if (!(await firstValueFrom(opened.afterClosed()))) return;
    try {
      await this.questions.retire(question.id);
      this.tell('The question was retired.');
    } catch (error) {
      this.tell(problemOf(error).sentence);
    }
  }

  protected async import(): Promise<void> {
    const opened = this.dialog.open<ImportDialog, unknown, ImportReport>(ImportDialog, {
      width: '40rem',
      maxWidth: 'calc(100vw - 1rem)',
      maxHeight: 'calc(100dvh - 1rem)',
    });
    const report = await firstValueFrom(opened.afterClosed());
    if (!report) return;
    this.tell(`Imported: ${whole(report.added)} new, ${whole(report.updated)} changed.`);
    await this.questions.load();
  }

  /** Gives the questions of the chosen category, or all, as a file. */
  protected async export(): Promise<void> {
    if (this.exporting()) return;
    this.exporting.set(true);
    try {
      const { pack, name } = await this.api.export(this.filter().category);
      this.save(pack, name);
    } catch (error) {
      this.tell(problemOf(error).sentence);
    } finally {
      this.exporting.set(false);
    }
  }

  private async edited(question: StoredQuestion | null): Promise<StoredQuestion | undefined> {
    const data: EditorData = {
      question,
      category: this.filter().category ?? '',
      categories: this.questions.categories().map(({ name }) => name),
    };
    const opened = this.dialog.open<QuestionEditor, EditorData, StoredQuestion>(QuestionEditor, {
      width: '38rem',
      maxWidth: 'calc(100vw - 1rem)',
      maxHeight: 'calc(100dvh - 1rem)',
      // What was typed is not lost by a click beside it.
      disableClose: true,
      data,
    });
    opened.keydownEvents().subscribe((event) => {
      if (event.key === 'Escape' && !event.defaultPrevented) opened.close();
    });
    return firstValueFrom(opened.afterClosed());
  }

  private save(file: Blob, name: string): void {
    const url = URL.createObjectURL(file);
    const link = this.document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
    URL.revokeObjectURL(url);
  }

  private tell(sentence: string): void {
    this.snackBar.open(sentence, 'OK');
  }
}
