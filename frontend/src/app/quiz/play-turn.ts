import { Answer, Question, Verdict } from './quiz-api';

/** One question from its coming to what became of the answer. */
export type Turn =
  | { readonly phase: 'loading' }
  /** There is no question at all, or none in the category. */
  | { readonly phase: 'none' }
  | { readonly phase: 'failed'; readonly sentence: string }
  | { readonly phase: 'asking'; readonly question: Question }
  | { readonly phase: 'sending'; readonly question: Question; readonly answer: Answer }
  /** No answer came back: it may have been counted or not, and may be sent again. */
  | { readonly phase: 'unsent'; readonly question: Question; readonly answer: Answer; readonly sentence: string }
  /** The server will not take it, now or later. */
  | { readonly phase: 'refused'; readonly question: Question; readonly answer: Answer; readonly sentence: string }
  | { readonly phase: 'answered'; readonly question: Question; readonly answer: Answer; readonly verdict: Verdict };

/** A turn with a question in it. */
export type QuestionTurn = Extract<Turn, { question: Question }>;

/** What screen readers are told of a verdict. */
export function verdictWords(question: Question, { isCorrect, correctOptionId, explanation }: Verdict): string {
  const right = question.options.find((option) => option.id === correctOptionId)?.title ?? '';
  const told = isCorrect ? 'Correct.' : `Incorrect. The right answer is ${right}.`;
  return explanation ? `${told} ${explanation}` : told;
}
