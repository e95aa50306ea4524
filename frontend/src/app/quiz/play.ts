import { DestroyRef, Service, inject, signal } from '@angular/core';

import { Problem, problemOf } from '../accounts/problem';
import { newId } from '../realtime/new-id';
import { retryDelay } from '../realtime/reconnect-policy';
import { Turn } from './play-turn';
import { Answer, Category, QuizApi, Verdict } from './quiz-api';
import { Score } from './score';

/** So often an answer is sent by itself before the player is asked. Each time all replicas are tried that are known. */
export const MOST_SENDS = 4;

/** Whoever is told to wait longer than this is told so, in milliseconds. */
const LONGEST_WAIT = 5_000;

/** Somebody's way through the questions: one at a time, each answer counted once however often it has to be sent. */
@Service({ autoProvided: false })
export class Play {
  private readonly api = inject(QuizApi);
  private readonly score = inject(Score);

  private readonly _turn = signal<Turn>({ phase: 'loading' });
  private readonly _categories = signal<readonly Category[]>([]);
  private readonly _category = signal<string | null>(null);
  private readonly _moving = signal(false);
  /** The last question that was asked for: the answer to an earlier request comes too late. */
  private asked = 0;
  private over = false;

  readonly turn = this._turn.asReadonly();
  readonly points = this.score.points;
  /** What there is to choose from; empty as long as it is not known. */
  readonly categories = this._categories.asReadonly();
  /** Where questions come from, null for everywhere. */
  readonly category = this._category.asReadonly();

  /** Whether the next question is on its way. Until it comes the one before stays in view. */
  readonly moving = this._moving.asReadonly();

  constructor() {
    inject(DestroyRef).onDestroy(() => (this.over = true));
  }

  async loadCategories(): Promise<void> {
    try {
      this._categories.set(await this.api.categories());
    } catch {
      // Without them one can play all the same.
    }
  }

  /** Takes questions from here from now on. */
  choose(category: string | null): void {
    this._category.set(category);
    this._turn.set({ phase: 'loading' });
    void this.next();
  }

  async next(): Promise<void> {
    const asked = ++this.asked;
    if (!('question' in this._turn())) this._turn.set({ phase: 'loading' });
    this._moving.set(true);
    let turn: Turn;
    try {
      turn = { phase: 'asking', question: await this.api.nextQuestion(this._category()) };
    } catch (error) {
      const { status, code, sentence } = problemOf(error);
      turn = status === 404 && code === 'no_questions' ? { phase: 'none' } : { phase: 'failed', sentence };
    }
    if (asked !== this.asked) return;
    this._moving.set(false);
    this._turn.set(turn);
  }

  /** Gives an answer. Only the first one to a question is taken. */
  answer(optionId: string): void {
    const turn = this._turn();
    if (turn.phase !== 'asking') return;
    const { question } = turn;
    const answer = { questionId: question.id, optionId, clientAnswerId: newId() };
    void this.send({ phase: 'sending', question, answer });
  }

  /** Sends an answer once more, as the same one. */
  retry(): void {
    const turn = this._turn();
    if (turn.phase !== 'unsent') return;
    void this.send({ phase: 'sending', question: turn.question, answer: turn.answer });
  }

  private async send(turn: Extract<Turn, { phase: 'sending' }>): Promise<void> {
    const { question, answer } = turn;
    this._turn.set(turn);
    const outcome = await this.delivered(answer);
    if ('isCorrect' in outcome) this.score.count(outcome.isCorrect);
    // Somebody who went on without waiting for the answer has another question before them.
    if (this._turn() !== turn) return;
    if ('isCorrect' in outcome) {
      this._turn.set({ phase: 'answered', question, answer, verdict: outcome });
    } else {
      this._turn.set({ phase: passes(outcome) ? 'unsent' : 'refused', question, answer, sentence: outcome.sentence });
    }
  }

  /** The verdict, or what kept the answer from being taken after some tries. */
  private async delivered(answer: Answer): Promise<Verdict | Problem> {
    for (let sent = 1; ; sent++) {
      try {
        return await this.api.answer(answer);
      } catch (error) {
        const problem = problemOf(error);
        const wait = (problem.retryAfter ?? 0) * 1_000 || retryDelay(sent);
        if (!passes(problem) || sent >= MOST_SENDS || wait > LONGEST_WAIT || this.over) return problem;
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  }
}

/** Whether the same answer may be taken when it is sent again: nobody was reached, or somebody who cannot just now. */
function passes({ status }: Problem): boolean {
  return status === 0 || status === 401 || status === 408 || status === 429 || status >= 500;
}
