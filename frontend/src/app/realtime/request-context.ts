import { HttpContextToken } from '@angular/common/http';

/** True for a request that must go to the address it names, without a second try elsewhere. */
export const PINNED = new HttpContextToken<boolean>(() => false);

/**
 * True for a request that may be sent again to another replica when no answer came, although its method alone does not say so. Reads
 * may always.
 */
export const REPEATABLE = new HttpContextToken<boolean>(() => false);
