import {
  HttpErrorResponse,
  HttpHeaders,
  HttpRequest,
  HttpResponse,
  provideHttpClient,
  withInterceptors,
} from '@angular/common/http';
import { EnvironmentProviders, Provider } from '@angular/core';
import { Observable, of, throwError } from 'rxjs';

import { User } from '../app/accounts/user';
import { Answer, Category, Question, StatisticsDetails, Verdict } from '../app/quiz/quiz-api';
import { provideQuizIcons } from '../app/quiz/quiz-icons';
import { CategorySummary, QuestionResult, StatisticsUpdate, Summary } from '../app/realtime/statistics-hub.contract';
import { provideIcons } from '../app/shell/icons';
import { FakeHub } from './fake-hub';
import { ANA, signedInAs } from './samples';

export function aQuestion(number: number, changes: Partial<Question> = {}): Question {
  return {
    id: `q-${number}`,
    title: `Question ${number}?`,
    category: 'Space',
    options: ['one', 'two', 'three'].map((title) => ({ id: `q-${number}-${title}`, title })),
    ...changes,
  };
}

/** Numbers for so many answers by so many people. */
export function aSummary(correctAnswers: number, incorrectAnswers: number, users = 2): Summary {
  const totalAnswers = correctAnswers + incorrectAnswers;
  return {
    totalAnswers,
    correctAnswers,
    incorrectAnswers,
    totalAnswersAverage: totalAnswers / users,
    correctAnswersAverage: correctAnswers / users,
    incorrectAnswersAverage: incorrectAnswers / users,
    users,
  };
}

export function aCategory(name: string, correct: number, incorrect: number): CategorySummary {
  return { ...aSummary(correct, incorrect), name };
}

export function aResult(id: string, correct: number, incorrect: number, category = 'Space'): QuestionResult {
  return {
    id,
    title: `Title of ${id}`,
    category,
    totalAnswers: correct + incorrect,
    correctAnswers: correct,
    incorrectAnswers: incorrect,
  };
}

/** An update in which all answers are of the category Space. */
export function anUpdate(version: number, changes: Partial<StatisticsUpdate> = {}): StatisticsUpdate {
  const correct = Math.ceil(version / 2);
  return {
    ...aSummary(correct, version - correct),
    version,
    categories: [aCategory('Space', correct, version - correct)],
    questions: [],
    minutes: [],
    ...changes,
  };
}

export function theDetails(version: number, changes: Partial<StatisticsDetails> = {}): StatisticsDetails {
  const { categories, questions } = anUpdate(version);
  const correct = Math.ceil(version / 2);
  return { version, summary: aSummary(correct, version - correct), categories, questions, lastHour: [], ...changes };
}

/** What a call fails with: a status, and what the server says. 0 stands for no answer. */
export interface Failure {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

type Handler = (request: HttpRequest<unknown>) => unknown;

/** The quiz as a server would offer it to Ana, or to somebody else: its HTTP calls and its hub. */
export class FakeQuiz {
  readonly hub = new FakeHub();
  /** Every HTTP call, oldest first. */
  readonly requests: HttpRequest<unknown>[] = [];
  /** What the next calls of the quiz fail with, one after the other. */
  readonly failures: Failure[] = [];
  categories: Category[] = [
    { name: 'Music', questions: 4 },
    { name: 'Space', questions: 1 },
  ];
  /** Made when asked for; null when there is none. */
  question: (number: number, category: string | null) => Question | null = (number) => aQuestion(number);
  details: StatisticsDetails = theDetails(0);
  private readonly counted = new Map<string, Verdict>();
  private readonly handlers: [string, RegExp, Handler][] = [];
  private asked = 0;

  /** How many answers were counted. */
  get answers(): number {
    return this.counted.size;
  }

  provide(user: User = ANA): (Provider | EnvironmentProviders)[] {
    return [
      provideHttpClient(withInterceptors([(request) => this.answer(request)])),
      provideIcons(),
      provideQuizIcons(),
      this.hub.provide(),
      signedInAs(user),
    ];
  }

  /** How calls are answered from now on: with what `handler` returns; a failure when that is one. */
  handle(method: string, path: RegExp, handler: Handler): void {
    this.handlers.unshift([method, path, handler]);
  }

  requestsOf(method: string, path: string): readonly HttpRequest<unknown>[] {
    return this.requests.filter((request) => request.method === method && request.url.startsWith(path));
  }

  private answer(request: HttpRequest<unknown>): Observable<HttpResponse<unknown>> {
    if (request.url === '/api/replicas') return of(new HttpResponse({ status: 200, body: [] }));
    this.requests.push(request);
    const failure = this.failures.shift();
    const result = failure ?? this.resultOf(request);
    if (isFailure(result)) {
      const { status, body: error, headers = {} } = result;
      return throwError(() => new HttpErrorResponse({ status, error, headers: new HttpHeaders(headers) }));
    }
    return of(result instanceof HttpResponse ? result : new HttpResponse({ status: 200, body: result }));
  }

  private resultOf(request: HttpRequest<unknown>): unknown {
    const handled = this.handlers.find(([method, path]) => method === request.method && path.test(request.url));
    if (handled) return handled[2](request);
    const category = request.params.get('category');
    switch (`${request.method} ${request.url}`) {
      case 'GET /api/trivia/categories':
        return this.categories;
      case 'GET /api/trivia':
        return this.question(++this.asked, category) ?? { status: 404, body: { code: 'no_questions' } };
      case 'POST /api/trivia':
        return this.count(request.body as Answer);
      case 'GET /api/statistics/details':
        return this.details;
      default:
        return { status: 404 };
    }
  }

  /** The first option is the right one of every question. */
  private count({ questionId, optionId, clientAnswerId }: Answer): Verdict {
    const correctOptionId = `${questionId}-one`;
    const verdict = { isCorrect: optionId === correctOptionId, correctOptionId, explanation: `Why ${questionId}.` };
    this.counted.set(clientAnswerId, verdict);
    return verdict;
  }
}

function isFailure(result: unknown): result is Failure {
  return typeof result === 'object' && result !== null && 'status' in result && !(result instanceof HttpResponse);
}
