/** The longest pause between two attempts, in milliseconds. */
export const LONGEST_PAUSE = 5_000;

/** How long one attempt to connect may take before the next replica is tried, in milliseconds. */
export const ATTEMPT_TIMEOUT = 3_000;

/**
 * Milliseconds to wait before attempt number `attempt` after a loss (0 is the first one, against another replica). The first is all but
 * immediate, with just enough jitter that thousands of clients of one dead replica do not arrive in the same millisecond; the next two
 * fall within half a second; then pauses double up to five seconds, half of each random.
 */
export function retryDelay(attempt: number, random: () => number = Math.random): number {
  if (attempt === 0) return random() * 100;
  if (attempt <= 2) return random() * 500;
  const ceiling = Math.min(LONGEST_PAUSE, 1_000 * 2 ** (attempt - 3));
  return ceiling / 2 + (random() * ceiling) / 2;
}
