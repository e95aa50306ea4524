import { SchemaPath, validate } from '@angular/forms/signals';

/**
 * Refuses a text that is too long. The rule that comes with forms also puts `maxlength` on the field, and browsers then cut what is
 * pasted without a word: somebody would register with another password than the one they keep.
 */
export function atMost(path: SchemaPath<string>, characters: number, message: string): void {
  validate(path, ({ value }) => (value().length > characters ? { kind: 'tooLong', message } : undefined));
}
