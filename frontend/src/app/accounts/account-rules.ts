import { SchemaPathTree, minLength, pattern, required } from '@angular/forms/signals';

import { atMost } from './at-most';
import { Credentials } from './user';

/** The rules for a new account, the same ones that the server checks. */
export function newAccountRules(path: SchemaPathTree<Credentials>): void {
  required(path.userName, { message: 'Choose a user name.' });
  minLength(path.userName, 3, { message: 'A user name has at least 3 characters.' });
  atMost(path.userName, 32, 'A user name has at most 32 characters.');
  pattern(path.userName, /^[\p{L}\p{N}._-]*$/u, { message: 'Only letters, digits, “.”, “_” and “-”.' });
  required(path.password, { message: 'Choose a password.' });
  minLength(path.password, 8, { message: 'A password has at least 8 characters.' });
  atMost(path.password, 128, 'A password has at most 128 characters.');
}

/** Signing in asks only that there is something to send: rules may have changed since the account was made. */
export function signInRules(path: SchemaPathTree<Credentials>): void {
  required(path.userName, { message: 'Type your user name.' });
  required(path.password, { message: 'Type your password.' });
}
