import { LiveAnnouncer } from '@angular/cdk/a11y';
import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  Injector,
  afterNextRender,
  computed,
  inject,
  signal,
} from '@angular/core';
import { FieldTree, FormField, FormRoot, TreeValidationResult, form } from '@angular/forms/signals';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatIcon } from '@angular/material/icon';
import { MatInput } from '@angular/material/input';

import { FormProblem } from '../../accounts/form-problem';
import { Problem, problemOf } from '../../accounts/problem';
import {
  FEWEST_OPTIONS,
  MOST_OPTIONS,
  NEW_QUESTION,
  draftOf,
  draftRules,
  textOf,
  withoutOption,
} from './question-draft';
import { QuestionsApi, StoredQuestion } from './questions-api';

export interface EditorData {
  /** Null for a new one. */
  readonly question: StoredQuestion | null;
  /** What a new one starts with. */
  readonly category: string;
  /** Names that are offered. */
  readonly categories: readonly string[];
}

/** Writes a question, or changes one. Closes with what the server stored. */
@Component({
  selector: 'app-question-editor',
  imports: [
    FormField,
    FormProblem,
    FormRoot,
    MatButton,
    MatDialogModule,
    MatFormFieldModule,
    MatIcon,
    MatIconButton,
    MatInput,
  ],
  templateUrl: './question-editor.html',
  styleUrl: './question-editor.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class QuestionEditor {
  private readonly api = inject(QuestionsApi);
  private readonly dialog = inject<MatDialogRef<QuestionEditor, StoredQuestion>>(MatDialogRef);
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef);
  private readonly injector = inject(Injector);
  private readonly live = inject(LiveAnnouncer);
  private readonly data = inject<EditorData>(MAT_DIALOG_DATA);

  /** What the draft was made from; null for a new one. */
  private readonly base = signal(this.data.question);

  protected readonly isNew = this.data.question === null;
  protected readonly draft = signal(draftOf(this.data.question ?? { ...NEW_QUESTION, category: this.data.category }));
  protected readonly form = form(this.draft, draftRules, { submission: { action: () => this.save() } });
  protected readonly problem = signal<string | null>(null);
  /** What somebody else stored meanwhile; null as long as nobody did. */
  protected readonly theirs = signal<StoredQuestion | null>(null);
  protected readonly mayAdd = computed(() => this.draft().options.length < MOST_OPTIONS);
  protected readonly mayRemove = computed(() => this.draft().options.length > FEWEST_OPTIONS);
  protected readonly categories = this.data.categories;

  protected choose(index: number): void {
    this.draft.update((draft) => ({ ...draft, correct: index }));
  }

  protected add(): void {
    if (!this.mayAdd()) return;
    this.draft.update((draft) => ({ ...draft, options: [...draft.options, { id: '', title: '' }] }));
    this.focusOption(this.draft().options.length - 1);
  }

  protected remove(index: number): void {
    if (!this.mayRemove()) return;
    this.draft.update((draft) => withoutOption(draft, index));
    void this.live.announce('Option removed.', 'polite');
    this.focusOption(Math.min(index, this.draft().options.length - 1));
  }

  /** Goes on with what somebody else stored; what was typed here is gone. */
  protected takeTheirs(): void {
    const theirs = this.theirs();
    if (!theirs) return;
    this.rebase(theirs);
    this.draft.set(draftOf(theirs));
    this.form().reset();
  }

  /** Stores what was typed here over what somebody else stored. */
  protected keepMine(): void {
    const theirs = this.theirs();
    if (!theirs) return;
    this.rebase(theirs);
    // Options of theirs that are no more, and mine that they took away, are told apart by id: unknown ones are new.
    const known = new Set(theirs.options.map(({ id }) => id));
    this.draft.update((draft) => ({
      ...draft,
      options: draft.options.map((option) => (known.has(option.id) ? option : { ...option, id: '' })),
    }));
    this.element.nativeElement.querySelector('form')?.requestSubmit();
  }

  private rebase(theirs: StoredQuestion): void {
    this.base.set(theirs);
    this.theirs.set(null);
    this.problem.set(null);
  }

  private async save(): Promise<TreeValidationResult> {
    this.problem.set(null);
    this.theirs.set(null);
    const base = this.base();
    const text = textOf(this.draft());
    try {
      this.dialog.close(await (base ? this.api.change(base.id, text, base.revision) : this.api.create(text)));
      return undefined;
    } catch (error) {
      const problem = problemOf(error);
      if (problem.code === 'revision_conflict' && base) return this.meet(base.id);
      return this.show(problem);
    }
  }

  /** Somebody else was faster: what they stored is needed to go on, whichever way. */
  private async meet(id: string): Promise<TreeValidationResult> {
    try {
      this.theirs.set(await this.api.read(id));
      return undefined;
    } catch (error) {
      return this.show(problemOf(error));
    }
  }

  /** Puts each sentence at the field it is about, and what is about none above the form. */
  private show(problem: Problem): TreeValidationResult {
    const taken: Problem['fields'] = problem.code === 'duplicate_question' ? { title: [problem.sentence] } : {};
    const atFields = Object.entries({ ...taken, ...problem.fields }).map(([name, sentences]) => ({
      fieldTree: this.fieldCalled(name),
      sentences,
    }));
    const elsewhere = atFields.filter(({ fieldTree }) => !fieldTree).flatMap(({ sentences }) => sentences);
    const errors = atFields.flatMap(({ fieldTree, sentences }) =>
      fieldTree ? sentences.map((message) => ({ kind: 'server', message, fieldTree })) : [],
    );
    if (elsewhere.length > 0) this.problem.set(elsewhere.join(' '));
    else if (errors.length === 0) this.problem.set(problem.sentence);
    return errors;
  }

  /** The field that the server calls `title` or `options[2].title`; null for one that is not in the form. */
  private fieldCalled(name: string): FieldTree<string> | null {
    const option = /^options\[(\d+)\]/.exec(name)?.[1];
    if (option !== undefined) return this.form.options[Number(option)]?.title ?? null;
    return name === 'title' || name === 'category' || name === 'explanation' ? this.form[name] : null;
  }

  private focusOption(index: number): void {
    afterNextRender(() => this.element.nativeElement.querySelectorAll<HTMLElement>('input.option')[index]?.focus(), {
      injector: this.injector,
    });
  }
}
