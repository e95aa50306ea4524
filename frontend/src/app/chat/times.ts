const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const SECONDS = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });
const WEEKDAY = new Intl.DateTimeFormat(undefined, { weekday: 'short' });
const SHORT_DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const SHORT_DATE = new Intl.DateTimeFormat(undefined, { dateStyle: 'short' });
const LONG_DAY = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const LONG_DATE = new Intl.DateTimeFormat(undefined, {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});

/** Midnight of the day of a moment on this device. All moments here are in milliseconds since 1970. */
export function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** Whole days between two moments' days: 0 today, 1 yesterday. Days of 23 and 25 hours count as one. */
function daysBetween(at: number, now: number): number {
  return Math.round((startOfDay(now) - startOfDay(at)) / (24 * HOUR));
}

/** "14:05" */
export function timeOf(at: number): string {
  return TIME.format(at);
}

/** "14:05:09" */
export function secondsOf(at: number): string {
  return SECONDS.format(at);
}

/** "Friday, 20 November 2026 at 14:05:09" */
export function exactTimeOf(at: number): string {
  return EXACT.format(at);
}

/** "Today", "Yesterday", "Friday, 13 November", with the year when it is another one. */
export function dayName(day: number, now: number): string {
  const days = daysBetween(day, now);
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  return new Date(day).getFullYear() === new Date(now).getFullYear() ? LONG_DAY.format(day) : LONG_DATE.format(day);
}

/** How long ago, as short as a list needs it: "now", "5 min", "14:05", "Fri", "3 Nov", "03/11/2025". */
export function shortAgo(at: number, now: number): string {
  const age = now - at;
  if (age < MINUTE) return 'now';
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min`;
  const days = daysBetween(at, now);
  if (days === 0) return timeOf(at);
  if (days < 7) return WEEKDAY.format(at);
  return new Date(at).getFullYear() === new Date(now).getFullYear() ? SHORT_DAY.format(at) : SHORT_DATE.format(at);
}
