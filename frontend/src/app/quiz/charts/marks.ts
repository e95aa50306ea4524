/** The names of what charts count, as they are written beside them. */
export const CORRECT = 'Correct';
export const INCORRECT = 'Incorrect';
export const TOTAL = 'Total';

/** Their colours, from the theme, so that charts follow it. */
const COLOURS: Readonly<Record<string, string>> = {
  [CORRECT]: 'var(--hub-right)',
  [INCORRECT]: 'var(--hub-wrong)',
  [TOTAL]: 'var(--hub-both)',
};

export function colourOf(name: string): string {
  return COLOURS[name] ?? 'var(--mat-sys-primary)';
}

const WHOLE = new Intl.NumberFormat();
const ONE_PLACE = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** "1,234" */
export function whole(value: number): string {
  return WHOLE.format(value);
}

/** "12.5" */
export function onePlace(value: number): string {
  return ONE_PLACE.format(value);
}

/** Charts move when their numbers do, unless the person does not want motion. */
export function mayMove(): boolean {
  return !matchMedia('(prefers-reduced-motion: reduce)').matches;
}
