/** The four ways to break the promise. */
export const offenceKinds = ['lost', 'duplicated', 'reordered', 'phantom'] as const;

export type OffenceKind = (typeof offenceKinds)[number];

/** One message that somebody did not get as promised. */
export interface Offence {
  readonly kind: OffenceKind;
  /** Who saw it, or did not; undefined for what is wrong in the database. */
  readonly client?: string | undefined;
  readonly room: string;
  readonly seq: number;
  readonly clientMessageId?: string | undefined;
  /** What exactly is wrong. */
  readonly detail: string;
  /** What the client was handed last in this room, oldest first. */
  readonly recent?: readonly string[] | undefined;
}
