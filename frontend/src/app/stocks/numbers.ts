const PRICE = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const CHANGE = new Intl.NumberFormat(undefined, {
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
  signDisplay: 'exceptZero',
});
const WHOLE = new Intl.NumberFormat();

/** "1,234.50" */
export function priceText(value: number): string {
  return PRICE.format(value);
}

/** "+1.20", "-0.05", "0.00": the sign says it without a colour. */
export function changeText(value: number): string {
  return CHANGE.format(value);
}

/** "+1.20 %" */
export function percentText(value: number): string {
  return `${CHANGE.format(value)} %`;
}

/** "12,345" */
export function wholeText(value: number): string {
  return WHOLE.format(value);
}

/** How old something is: "0.4 s", "12 s", "3 min", "2 h". */
export function ageText(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1_000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 100) return `${Math.floor(seconds)} s`;
  if (seconds < 6_000) return `${Math.floor(seconds / 60)} min`;
  return `${Math.floor(seconds / 3_600)} h`;
}

/** "12 ms", "1.4 s" */
export function latencyText(milliseconds: number): string {
  return milliseconds < 1_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1_000).toFixed(1)} s`;
}
