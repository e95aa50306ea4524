/** The time is measured in pieces of this length, in milliseconds. */
const PIECE = 500;

/**
 * Calls `then` after so many milliseconds in which the page ran, unless `cancelled` is aborted before. A page that stands still, because
 * its device is busy, does not read what the server has long answered: a piece of time that ends late counts as one piece. While the page
 * is hidden the clock counts instead, since browsers then let timers wait for up to a minute.
 */
export function afterAwake(
  milliseconds: number,
  visible: () => boolean,
  cancelled: AbortSignal,
  then: () => void,
): void {
  let left = milliseconds;
  let timer: ReturnType<typeof setTimeout>;
  cancelled.addEventListener('abort', () => clearTimeout(timer), { once: true });
  const next = (): void => {
    const piece = Math.min(PIECE, left);
    const begun = performance.now();
    timer = setTimeout(() => {
      left -= visible() ? piece : Math.max(piece, performance.now() - begun);
      if (left > 0) next();
      else then();
    }, piece);
  };
  if (!cancelled.aborted) next();
}
