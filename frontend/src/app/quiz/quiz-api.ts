import { HttpClient, HttpContext, HttpParams } from '@angular/common/http';
import { Service, inject } from '@angular/core';
import { Observable, firstValueFrom } from 'rxjs';

import { CategorySummary, MinuteResult, QuestionResult, Summary } from '../realtime/statistics-hub.contract';
import { REPEATABLE } from '../realtime/request-context';

export interface Option {
  readonly id: string;
  readonly title: string;
}

/** A question as a player sees it: nothing in it tells which option is right. */
export interface Question {
  readonly id: string;
  readonly title: string;
  readonly category: string;
  readonly options: readonly Option[];
}

export interface Category {
  readonly name: string;
  readonly questions: number;
}

export interface Answer {
  readonly questionId: string;
  readonly optionId: string;
  /** Made by the player's device, once for each answer: sending it again counts nothing twice. */
  readonly clientAnswerId: string;
}

export interface Verdict {
  readonly isCorrect: boolean;
  readonly correctOptionId: string;
  readonly explanation: string;
}

export interface StatisticsDetails {
  readonly version: number;
  /** Of the category if one was asked for. */
  readonly summary: Summary;
  readonly categories: readonly CategorySummary[];
  readonly questions: readonly QuestionResult[];
  /** The minutes that have answers, oldest first. */
  readonly lastHour: readonly MinuteResult[];
}

/** The quiz over HTTP. Null stands for all categories. */
@Service()
export class QuizApi {
  private readonly http = inject(HttpClient);

  categories(): Promise<Category[]> {
    return answer(this.http.get<Category[]>('/api/trivia/categories'));
  }

  nextQuestion(category: string | null): Promise<Question> {
    return answer(this.http.get<Question>('/api/trivia', { params: inCategory(category) }));
  }

  answer(given: Answer): Promise<Verdict> {
    return answer(this.http.post<Verdict>('/api/trivia', given, { context: repeatable() }));
  }

  statistics(category: string | null): Promise<StatisticsDetails> {
    return answer(this.http.get<StatisticsDetails>('/api/statistics/details', { params: inCategory(category) }));
  }
}

export function inCategory(category: string | null): HttpParams {
  return category === null ? new HttpParams() : new HttpParams({ fromObject: { category } });
}

/** The server knows a repeat of these and does nothing twice. */
function repeatable(): HttpContext {
  return new HttpContext().set(REPEATABLE, true);
}

function answer<T>(call: Observable<T>): Promise<T> {
  return firstValueFrom(call);
}
