import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatCheckbox } from '@angular/material/checkbox';
import { MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatIcon } from '@angular/material/icon';
import { MatInput } from '@angular/material/input';
import { MatProgressBar } from '@angular/material/progress-bar';

import { FormProblem } from '../../accounts/form-problem';
import { problemOf } from '../../accounts/problem';
import { whole } from '../charts/marks';
import { ImportFormat, ImportReport, LARGEST_FILE, QuestionsApi } from './questions-api';

const FORMATS: readonly { readonly value: ImportFormat; readonly label: string }[] = [
  { value: 'json', label: 'JSON pack' },
  { value: 'csv', label: 'CSV' },
  { value: 'opentdb', label: 'Open Trivia DB' },
];

/** Brings questions in from a file: first it is tried and told what would happen, then it is done. Closes with what was done. */
@Component({
  selector: 'app-import-dialog',
  imports: [
    FormProblem,
    MatButton,
    MatCheckbox,
    MatDialogModule,
    MatFormFieldModule,
    MatIcon,
    MatInput,
    MatProgressBar,
  ],
  templateUrl: './import-dialog.html',
  styleUrl: './import-dialog.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ImportDialog {
  private readonly api = inject(QuestionsApi);
  private readonly dialog = inject<MatDialogRef<ImportDialog, ImportReport>>(MatDialogRef);

  protected readonly formats = [{ value: '', label: 'Recognise it' }, ...FORMATS];

  protected readonly file = signal<File | null>(null);
  protected readonly format = signal<ImportFormat | null>(null);
  protected readonly skipsInvalid = signal(false);
  protected readonly phase = signal<'waiting' | 'trying' | 'tried' | 'importing'>('waiting');
  protected readonly problem = signal<string | null>(null);
  protected readonly report = signal<ImportReport | null>(null);
  /** Whether something is being dragged over the place to drop it. */
  protected readonly isOver = signal(false);
  /** The last file or format that was chosen: what comes of an earlier one is not shown. */
  private tries = 0;

  protected readonly isBusy = computed(() => this.phase() === 'trying' || this.phase() === 'importing');
  protected readonly errors = computed(() => {
    const report = this.report();
    return report ? report.errors.length + (report.moreErrors ?? 0) : 0;
  });
  protected readonly formatName = computed(() => {
    const format = this.report()?.format ?? '';
    return FORMATS.find(({ value }) => value === format)?.label ?? format;
  });
  protected readonly sentence = computed(() => {
    const report = this.report();
    if (!report) return '';
    const rows = `${whole(report.rows)} ${report.rows === 1 ? 'row' : 'rows'}`;
    const fine = `${whole(report.added)} new, ${whole(report.updated)} changed, ${whole(report.unchanged)} as they are already`;
    const wrong = this.errors() > 0 ? `, ${whole(this.errors())} with errors` : '';
    return `${this.formatName()}, ${rows}: ${fine}${wrong}.`;
  });
  protected readonly mayImport = computed(() => {
    const report = this.report();
    if (!report || this.phase() !== 'tried' || report.added + report.updated === 0) return false;
    return this.errors() === 0 || this.skipsInvalid();
  });

  protected chosen(event: Event): void {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    // Choosing the same file again, after it was mended, is news too.
    input.value = '';
    if (file) this.take(file);
  }

  protected dragged(event: DragEvent): void {
    event.preventDefault();
    this.isOver.set(true);
  }

  protected dropped(event: DragEvent): void {
    event.preventDefault();
    this.isOver.set(false);
    const file = event.dataTransfer?.files[0];
    if (file && this.phase() !== 'importing') this.take(file);
  }

  protected changeFormat(chosen: string): void {
    this.format.set(FORMATS.find(({ value }) => value === chosen)?.value ?? null);
    if (this.file()) void this.try();
  }

  protected async import(): Promise<void> {
    if (!this.mayImport()) return;
    this.phase.set('importing');
    this.problem.set(null);
    try {
      const done = await this.send(false);
      if (done.errors.length === 0 || this.skipsInvalid()) return this.dialog.close(done);
      // What was fine when it was tried no longer is: nothing was stored.
      this.report.set(done);
    } catch (error) {
      this.problem.set(problemOf(error).sentence);
    }
    this.phase.set('tried');
  }

  private take(file: File): void {
    this.file.set(file);
    this.skipsInvalid.set(false);
    void this.try();
  }

  private async try(): Promise<void> {
    const attempt = ++this.tries;
    this.report.set(null);
    this.problem.set(null);
    if (this.file()!.size > LARGEST_FILE) {
      this.problem.set('The file is larger than 2 MB, which is the most that can be imported at once.');
      this.phase.set('waiting');
      return;
    }
    this.phase.set('trying');
    let report: ImportReport | null = null;
    let problem: string | null = null;
    try {
      report = await this.send(true);
    } catch (error) {
      problem = problemOf(error).sentence;
    }
    if (attempt !== this.tries) return;
    this.report.set(report);
    this.problem.set(problem);
    this.phase.set(report ? 'tried' : 'waiting');
  }

  private send(dryRun: boolean): Promise<ImportReport> {
    return this.api.import(this.file()!, {
      format: this.format(),
      dryRun,
      // A trial tells of every row.
      skipInvalid: !dryRun && this.skipsInvalid(),
    });
  }
}
