/**
 * Something the person at the terminal can put right: one sentence that says what is wrong and what to do about it.
 * Printed without a stack trace; `details` (the end of a failing command's output) goes below it.
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly details: readonly string[];

  constructor(message: string, details: readonly string[] = []) {
    super(message);
    this.details = details;
  }
}
