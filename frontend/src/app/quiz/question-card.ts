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
  output,
  untracked,
  viewChild,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatIcon } from '@angular/material/icon';
import { MatProgressSpinner } from '@angular/material/progress-spinner';

import { FormProblem } from '../accounts/form-problem';
import { QuestionTurn, verdictWords } from './play-turn';

/** What an option turned out to be; null for one that is neither right nor chosen. */
type Mark = 'right' | 'right-chosen' | 'wrong-chosen' | null;

const MARKS: Record<NonNullable<Mark>, { readonly icon: string; readonly words: string }> = {
  right: { icon: 'check-circle', words: 'Right answer' },
  'right-chosen': { icon: 'check-circle', words: 'Your answer, and right' },
  'wrong-chosen': { icon: 'cross', words: 'Your answer' },
};

/** How many frames a turning card is given to show what is to be focused: about a second. */
const MOST_FRAMES = 60;

/** Where digits mean something else than an answer. */
const ELSEWHERE = 'input, textarea, select, [role=combobox], [role=listbox], [role=dialog], [role=menu]';

/** A question on the front of a card, and on its back what became of the answer. */
@Component({
  selector: 'app-question-card',
  imports: [FormProblem, MatButton, MatIcon, MatProgressSpinner],
  templateUrl: './question-card.html',
  styleUrl: './question-card.scss',
  host: { '(document:keydown)': 'pressed($event)' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class QuestionCard {
  private readonly dialog = inject(MatDialog);
  private readonly injector = inject(Injector);
  private readonly live = inject(LiveAnnouncer);

  readonly turn = input.required<QuestionTurn>();
  /** Whether the next question is on its way. */
  readonly moving = input(false);
  /** Whether the first question is to be focused like all that follow. */
  readonly takesFocus = input(false);

  /** The id of the option that was chosen. */
  readonly answered = output<string>();
  readonly retryWanted = output();
  readonly nextWanted = output();

  private readonly title = viewChild.required<ElementRef<HTMLElement>>('title');
  private readonly nextButton = viewChild<unknown, ElementRef<HTMLElement>>('next', { read: ElementRef });

  protected readonly question = computed(() => this.turn().question);
  protected readonly isLocked = computed(() => this.turn().phase !== 'asking');
  /** The option that was chosen, null before. */
  protected readonly chosen = computed(() => {
    const turn = this.turn();
    return turn.phase === 'asking' ? null : turn.answer.optionId;
  });
  protected readonly verdict = computed(() => {
    const turn = this.turn();
    return turn.phase === 'answered' ? turn.verdict : null;
  });
  protected readonly results = computed(() => {
    const correct = this.verdict()?.correctOptionId;
    return this.question().options.map((option) => {
      const mark = markOf(option.id, correct, this.chosen());
      return { ...option, mark, ...(mark && MARKS[mark]) };
    });
  });

  constructor() {
    let questions = 0;
    effect(() => {
      this.question();
      if (++questions > 1 || untracked(this.takesFocus)) this.focusSoon(() => this.title());
    });
    effect(() => {
      const turn = this.turn();
      if (turn.phase === 'answered') void this.live.announce(verdictWords(turn.question, turn.verdict), 'polite');
      if (turn.phase === 'answered' || turn.phase === 'unsent' || turn.phase === 'refused')
        this.focusSoon(() => this.nextButton());
    });
  }

  protected choose(optionId: string): void {
    if (!this.isLocked()) this.answered.emit(optionId);
  }

  protected goOn(): void {
    if (!this.moving()) this.nextWanted.emit();
  }

  /** Keys 1 to 6 answer. */
  protected pressed(event: KeyboardEvent): void {
    if (event.repeat || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    const option = /^[1-6]$/.test(event.key) ? this.question().options[Number(event.key) - 1] : undefined;
    const isElsewhere = event.target instanceof Element && event.target.closest(ELSEWHERE);
    if (!option || isElsewhere || this.dialog.openDialogs.length > 0) return;
    event.preventDefault();
    this.choose(option.id);
  }

  /** An element on the face that turns up takes the focus as soon as it can be seen, which may be some frames later. */
  private focusSoon(element: () => ElementRef<HTMLElement> | undefined): void {
    let frames = MOST_FRAMES;
    const focus = (): void => {
      const wanted = element()?.nativeElement;
      wanted?.focus();
      if (wanted?.isConnected && !wanted.matches(':focus') && frames-- > 0) requestAnimationFrame(focus);
    };
    afterNextRender(focus, { injector: this.injector });
  }
}

function markOf(id: string, correct: string | undefined, chosen: string | null): Mark {
  if (correct === undefined) return null;
  if (id === correct) return id === chosen ? 'right-chosen' : 'right';
  return id === chosen ? 'wrong-chosen' : null;
}
