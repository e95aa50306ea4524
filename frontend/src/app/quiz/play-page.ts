import { LiveAnnouncer } from '@angular/cdk/a11y';
import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  Injector,
  afterNextRender,
  computed,
  effect,
  inject,
  input,
  untracked,
  viewChild,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatProgressSpinner } from '@angular/material/progress-spinner';
import { Router } from '@angular/router';

import { FormProblem } from '../accounts/form-problem';
import { CategoryChoice, CategoryOption } from './category-choice';
import { Play } from './play';
import { QuestionCard } from './question-card';
import { ScoreLine } from './score-line';

/** Question after question. */
@Component({
  selector: 'app-play-page',
  imports: [CategoryChoice, FormProblem, MatButton, MatIcon, MatProgressSpinner, QuestionCard, ScoreLine],
  templateUrl: './play-page.html',
  styleUrl: './play-page.scss',
  providers: [Play],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PlayPage {
  private readonly play = inject(Play);
  private readonly injector = inject(Injector);
  private readonly live = inject(LiveAnnouncer);
  private readonly router = inject(Router);

  /** From the address, so that a link leads to a category. */
  readonly category = input<string>();

  private readonly again = viewChild<unknown, ElementRef<HTMLElement>>('again', { read: ElementRef });

  protected readonly turn = this.play.turn;
  protected readonly moving = this.play.moving;
  /** Whether the next card comes because somebody pressed a button that is gone by then. */
  protected takesFocus = false;
  protected readonly points = this.play.points;
  protected readonly chosen = this.play.category;
  protected readonly options = computed<readonly CategoryOption[]>(() =>
    this.play.categories().map(({ name, questions }) => ({
      name,
      about: `${questions} ${questions === 1 ? 'question' : 'questions'}`,
    })),
  );

  constructor() {
    void this.play.loadCategories();
    effect(() => {
      const category = this.category() || null;
      untracked(() => this.play.choose(category));
    });
    effect(() => {
      const turn = this.turn();
      if (turn.phase === 'none') void this.live.announce('There are no questions here.', 'polite');
      // What was pressed is gone: without this the focus would be nowhere.
      if (turn.phase === 'none' || turn.phase === 'failed')
        afterNextRender(() => this.again()?.nativeElement.focus(), { injector: this.injector });
    });
  }

  protected chooseCategory(category: string | null): void {
    this.takesFocus = false;
    void this.router.navigate([], { queryParams: { category }, queryParamsHandling: 'merge', replaceUrl: true });
  }

  protected playAll(): void {
    this.chooseCategory(null);
    this.takesFocus = true;
  }

  protected answer(optionId: string): void {
    this.play.answer(optionId);
  }

  protected retry(): void {
    this.play.retry();
  }

  protected next(): void {
    this.takesFocus = true;
    void this.play.next();
  }
}
