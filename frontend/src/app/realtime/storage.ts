import { InjectionToken } from '@angular/core';

/** What the app remembers on this device in small strings. Works without storage too, it then forgets when the page closes. */
export interface KeptStrings {
  get(key: string): string | null;
  set(key: string, value: string | null): void;
}

export const KEPT_STRINGS = new InjectionToken<KeptStrings>('kept strings', {
  providedIn: 'root',
  factory: () => new LocalStrings(),
});

/** `localStorage` under one prefix; a browser that blocks it or has it full costs memory between visits, nothing else. */
class LocalStrings implements KeptStrings {
  private readonly fallback = new Map<string, string>();

  get(key: string): string | null {
    try {
      return localStorage.getItem(`hubbub.${key}`) ?? this.fallback.get(key) ?? null;
    } catch {
      return this.fallback.get(key) ?? null;
    }
  }

  set(key: string, value: string | null): void {
    this.fallback.delete(key);
    try {
      if (value === null) localStorage.removeItem(`hubbub.${key}`);
      else localStorage.setItem(`hubbub.${key}`, value);
    } catch {
      if (value !== null) this.fallback.set(key, value);
    }
  }
}
