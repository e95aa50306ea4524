/** Rows that are drawn above and below what is seen, so that scrolling does not run into nothing. */
const SPARE = 6;

/** Which rows are drawn: from the first to before the end. */
export interface RowWindow {
  readonly first: number;
  readonly end: number;
}

/**
 * The rows of a long list that can be seen, and some more.
 *
 * @param top How far the list's beginning is above the upper edge of what is seen; below it, negative. In pixels, as all of these.
 */
export function windowOf(count: number, rowHeight: number, top: number, height: number): RowWindow {
  const first = Math.floor(top / rowHeight) - SPARE;
  const end = Math.ceil((top + height) / rowHeight) + SPARE;
  const within = (index: number) => Math.min(count, Math.max(0, index));
  return { first: within(first), end: within(end) };
}
