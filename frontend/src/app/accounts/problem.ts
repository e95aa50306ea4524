import { HttpErrorResponse } from '@angular/common/http';

/** A failed call in words for a person, with what is wrong at which field. */
export interface Problem {
  /** 0 when no replica answered. */
  readonly status: number;
  readonly sentence: string;
  /** What exactly is wrong, where the contract tells causes of one status apart. */
  readonly code: string | null;
  /** Sentences by field name, in camelCase. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** How long to wait before the next try, in seconds, when the server said so. */
  readonly retryAfter: number | null;
}

/** Words for what the server did not word. */
const SENTENCES: Record<number, string> = {
  0: 'No server can be reached. Check your connection; nothing you typed is lost.',
  403: 'You may not do that.',
  404: 'That was not found.',
  413: 'That is too large.',
  503: 'The server is not ready yet. Try again in a moment.',
};

/** Reads problem details (RFC 9457) out of a failed call. */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof HttpErrorResponse)) {
    return { status: 0, sentence: 'Something went wrong. Try again.', code: null, fields: {}, retryAfter: null };
  }
  const body = bodyOf(error);
  const retryAfter = secondsOf(error.headers.get('Retry-After'));
  const sentence =
    error.status === 429
      ? `Too many tries. ${waitSentence(retryAfter)}`
      : (text(body['detail']) ?? SENTENCES[error.status] ?? text(body['title']) ?? 'Something went wrong. Try again.');
  return { status: error.status, sentence, code: text(body['code']), fields: fieldsOf(body['errors']), retryAfter };
}

function waitSentence(seconds: number | null): string {
  if (seconds === null) return 'Wait a little and try again.';
  if (seconds < 90) return `Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`;
  return `Try again in ${Math.ceil(seconds / 60)} minutes.`;
}

function secondsOf(header: string | null): number | null {
  const seconds = Number(header ?? NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.max(1, Math.ceil(seconds)) : null;
}

function bodyOf(error: HttpErrorResponse): Record<string, unknown> {
  return error.status !== 0 && typeof error.error === 'object' && error.error !== null
    ? (error.error as Record<string, unknown>)
    : {};
}

function fieldsOf(errors: unknown): Record<string, string[]> {
  if (typeof errors !== 'object' || errors === null) return {};
  return Object.fromEntries(
    Object.entries(errors).map(([field, sentences]) => [
      field.charAt(0).toLowerCase() + field.slice(1),
      Array.isArray(sentences) ? sentences.map(String) : [String(sentences)],
    ]),
  );
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value.trim() ? value : null;
}
