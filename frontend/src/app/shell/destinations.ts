/** A part of Hubbub that the top bar leads to. */
export interface Destination {
  readonly path: string;
  readonly label: string;
  /** A name in icons.ts. */
  readonly icon: string;
}

/** What there is, in the order of the top bar. A new part adds its line here and its route in app.routes.ts. */
export const DESTINATIONS: readonly Destination[] = [
  { path: '/chat', label: 'Chat', icon: 'chat' },
  { path: '/quiz', label: 'Quiz', icon: 'quiz' },
  { path: '/stocks', label: 'Stocks', icon: 'stocks' },
];
