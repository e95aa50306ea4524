/** The six numbers of the quiz, for all of it or for one category. Averages are per person who answered, 0 when nobody did. */
export interface Summary {
  readonly totalAnswers: number;
  readonly correctAnswers: number;
  readonly incorrectAnswers: number;
  readonly totalAnswersAverage: number;
  readonly correctAnswersAverage: number;
  readonly incorrectAnswersAverage: number;
  /** How many people answered. */
  readonly users: number;
}

export interface CategorySummary extends Summary {
  readonly name: string;
}

export interface QuestionResult {
  readonly id: string;
  readonly title: string;
  readonly category: string;
  readonly totalAnswers: number;
  readonly correctAnswers: number;
  readonly incorrectAnswers: number;
}

/** What was answered in one minute. */
export interface MinuteResult {
  /** ISO 8601 in UTC, at second 0. */
  readonly minute: string;
  readonly correctAnswers: number;
  readonly incorrectAnswers: number;
}

export interface CategoryMinute extends MinuteResult {
  readonly category: string;
}

/** What changed. All numbers are totals, not differences, so of two updates the one with the higher version holds. */
export interface StatisticsUpdate extends Summary {
  /** Rises with every answer that is counted, on whichever replica. */
  readonly version: number;
  /** All categories that have answers. */
  readonly categories: readonly CategorySummary[];
  /** The questions whose numbers moved since the update before; none in the one that comes on connect. */
  readonly questions: readonly QuestionResult[];
  /** The last two minutes of each category; none in the one that comes on connect. */
  readonly minutes: readonly CategoryMinute[];
}

/** What the server calls, by the names on the wire. */
export interface StatisticsClient {
  UpdateStatistics: StatisticsUpdate;
}
