import { Service, inject, signal } from '@angular/core';

import { Session } from '../accounts/session';
import { KEPT_STRINGS } from '../realtime/storage';

/** More than there can be companies. */
const MOST = 1_000;

/** The stocks that the person marked, on this device. */
@Service({ autoProvided: false })
export class Favourites {
  private readonly kept = inject(KEPT_STRINGS);
  /** The device may have several people. */
  private readonly key = `stocks.favourites.${inject(Session).user()?.id ?? ''}`;
  private readonly _symbols = signal<ReadonlySet<string>>(read(this.kept.get(this.key)));

  readonly symbols = this._symbols.asReadonly();

  toggle(symbol: string): void {
    const symbols = new Set(this._symbols());
    if (!symbols.delete(symbol)) symbols.add(symbol);
    this._symbols.set(symbols);
    this.kept.set(this.key, symbols.size > 0 ? JSON.stringify([...symbols]) : null);
  }
}

function read(json: string | null): ReadonlySet<string> {
  try {
    const symbols: unknown = JSON.parse(json ?? '[]');
    return new Set(Array.isArray(symbols) ? symbols.slice(0, MOST).map(String) : []);
  } catch {
    return new Set();
  }
}
