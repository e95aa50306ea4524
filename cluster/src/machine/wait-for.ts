import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '../problem.ts';

export interface WaitOptions {
  /** Upper bound in milliseconds. */
  readonly timeoutMs: number;
  /** What did not happen in time; a sentence, or a function that says what is known by then. */
  readonly otherwise: string | (() => string);
  /** Milliseconds between two looks. */
  readonly intervalMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Looks again and again until `condition` returns something, and returns that. Throws a {@link Problem} when the time is over. */
export async function waitFor<T>(
  condition: () => T | undefined | false | Promise<T | undefined | false>,
  { timeoutMs, otherwise, intervalMs = 50, signal }: WaitOptions,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    signal?.throwIfAborted();
    const result = await condition();
    if (result !== undefined && result !== false) return result;
    if (performance.now() >= deadline) throw new Problem(typeof otherwise === 'string' ? otherwise : otherwise());
    await delay(intervalMs, undefined, signal ? { signal } : {});
  }
}

/** Whether `promise` settles within `timeoutMs` milliseconds. */
export async function settlesWithin(promise: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  const timer = new AbortController();
  try {
    return await Promise.race([
      promise.then(
        () => true,
        () => true,
      ),
      delay(timeoutMs, false, { signal: timer.signal }),
    ]);
  } finally {
    timer.abort();
  }
}
