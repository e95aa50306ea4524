/** What a hub call failed with, as the contract lists them, and `unavailable` for anything that never got an answer. */
export type FaultCode =
  | 'text_empty'
  | 'text_too_long'
  | 'text_invalid'
  | 'room_not_found'
  | 'not_a_member'
  | 'invalid_argument'
  | 'too_many_rooms'
  | 'too_many_requests'
  | 'forbidden'
  | 'market_open'
  | 'unavailable'
  | 'unknown';

const CODES: readonly FaultCode[] = [
  'text_empty',
  'text_too_long',
  'text_invalid',
  'room_not_found',
  'not_a_member',
  'invalid_argument',
  'too_many_rooms',
  'too_many_requests',
  'forbidden',
  'market_open',
  'unavailable',
];

/** A failed hub call: a code to act on and a sentence to show. */
export class HubFault extends Error {
  readonly code: FaultCode;

  constructor(code: FaultCode, sentence: string) {
    super(sentence);
    this.code = code;
    this.name = 'HubFault';
  }

  /** Whether the same call may succeed when it is made again by itself. */
  get passes(): boolean {
    return this.code === 'unavailable' || this.code === 'too_many_requests';
  }
}

/**
 * Reads `code: sentence` out of the client library's error, which puts words of its own before it. An error that the server did not
 * word this way is `unknown` if the server did answer, else `unavailable`.
 */
export function toFault(error: unknown): HubFault {
  if (error instanceof HubFault) return error;
  const text = error instanceof Error ? error.message : String(error);
  const match = /HubException: ([a-z_]+): ([\s\S]+)$/.exec(text);
  const code = CODES.find((known) => known === match?.[1]);
  if (match && code) return new HubFault(code, match[2]!);
  // "invoking 'X' on the server" opens every answer that the server gave to a call.
  const answered = text.includes('on the server');
  return answered
    ? new HubFault('unknown', 'The server could not do that.')
    : new HubFault('unavailable', 'The connection was lost before an answer came.');
}
