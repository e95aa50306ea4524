import { HttpClient, HttpContext, HttpErrorResponse } from '@angular/common/http';
import { DOCUMENT, Service, computed, inject, signal } from '@angular/core';
import { firstValueFrom, timeout } from 'rxjs';

import { Endpoint, Replica, originOf } from './replica';
import { PINNED } from './request-context';
import { candidates } from './replica-choice';
import { KEPT_STRINGS } from './storage';

/** How long a replica that failed is tried after all others, in milliseconds. */
export const SUSPECT_FOR = 10_000;

/** How long a replica may take to show that it is alive, in milliseconds. */
const PROBE_TIMEOUT = 2_500;

/** Replicas beyond this many are not remembered. */
const MOST_KNOWN = 50;

/** A replica that is in no list any more is still tried, when all others fail, for this long, in milliseconds. */
const SPARE_FOR = 24 * 3_600_000;

/** A replica that was alive, and when it last was, in milliseconds since 1970. */
interface Sighting {
  readonly name: string;
  readonly url: string;
  readonly at: number;
}

/** Which replicas there are, which one is in use, and which one the person asked for. */
@Service()
export class Replicas {
  private readonly http = inject(HttpClient);
  private readonly kept = inject(KEPT_STRINGS);
  private readonly origin = inject(DOCUMENT).defaultView!.location.origin;

  private readonly _known = signal<readonly Replica[]>(readKnown(this.kept.get('replicas')));
  private readonly _current = signal<string>(this.origin);
  private readonly _preferred = signal<string | null>(this.kept.get('replica'));
  /** Names learned from `X-Replica`, for an origin that is in no list (a proxy, another host name). */
  private readonly _heard = signal<Readonly<Record<string, string>>>({});
  private seen: readonly Sighting[] = readSightings(this.kept.get('replicas.seen'));
  private readonly suspects = new Map<string, number>();

  /** Live replicas as last heard, by name; empty until the first answer on a new device. */
  readonly known = this._known.asReadonly();
  /** Where HTTP calls go. */
  readonly current = computed<Endpoint>(() => this.endpoint(this._current()));
  /** The name of the replica that the person picked, or null for automatic. */
  readonly preferred = this._preferred.asReadonly();

  constructor() {
    const preferred = this.preferredUrl();
    if (preferred) this._current.set(preferred);
  }

  /** Origins in the order in which they should be tried now. */
  candidates(): string[] {
    return candidates({
      known: this._known().map((replica) => replica.url),
      current: this._current(),
      preferred: this.preferredUrl(),
      suspects: this.suspectsNow(),
      spare: [...this.seen.map((sighting) => sighting.url), this.origin],
    });
  }

  endpoint(url: string): Endpoint {
    const name = [...this._known(), ...this.seen].find((replica) => replica.url === url)?.name ?? this._heard()[url];
    return { url, name: name ?? new URL(url).host };
  }

  /** Whether a URL is on the page's own origin. */
  isOwn(url: string): boolean {
    return url === this.origin;
  }

  /** From now on calls go here. */
  settle(url: string): void {
    this.suspects.delete(url);
    this._current.set(url);
  }

  /** This replica did not answer: for a while it is tried last. */
  suspect(url: string): void {
    this.suspects.set(url, Date.now());
  }

  /** An answer from `url` carried this name in `X-Replica`. */
  heardFrom(url: string, name: string | null): void {
    this.suspects.delete(url);
    if (name && this._heard()[url] !== name) this._heard.update((names) => ({ ...names, [url]: name }));
  }

  /** Remembers the replica asked for; null means automatic. */
  prefer(name: string | null): void {
    this._preferred.set(name);
    this.kept.set('replica', name);
    const url = this.preferredUrl();
    if (url) this.suspects.delete(url);
  }

  /** Asks who is alive. Keeps the last list when nobody answers. */
  async refresh(): Promise<void> {
    try {
      const replicas = await firstValueFrom(this.http.get<Replica[]>('/api/replicas'));
      const known = cleanList(replicas);
      if (known.length === 0) return;
      this._known.set(known);
      this.kept.set('replicas', JSON.stringify(known));
      this.remember(known);
    } catch {
      // The last list stays: it is the best guess of where to try next.
    }
  }

  /** Whether a replica answers HTTP at all within a short time, however unwell it says it is. */
  async answers(url: string): Promise<boolean> {
    const address = `${this.isOwn(url) ? '' : url}/api/replicas`;
    try {
      // An absolute address stays where it is; for the own origin the context says so.
      await firstValueFrom(
        this.http.get(address, { context: new HttpContext().set(PINNED, true) }).pipe(timeout(PROBE_TIMEOUT)),
      );
      return true;
    } catch (error) {
      return error instanceof HttpErrorResponse && error.status !== 0;
    }
  }

  private remember(alive: readonly Replica[]): void {
    const at = Date.now();
    const others = this.seen.filter(
      (sighting) => at - sighting.at < SPARE_FOR && !alive.some((replica) => replica.url === sighting.url),
    );
    this.seen = [...alive.map(({ name, url }) => ({ name, url, at })), ...others].slice(0, MOST_KNOWN);
    this.kept.set('replicas.seen', JSON.stringify(this.seen));
  }

  private preferredUrl(): string | null {
    return this._known().find((replica) => replica.name === this._preferred())?.url ?? null;
  }

  private suspectsNow(): string[] {
    const now = Date.now();
    return [...this.suspects].filter(([, since]) => now - since < SUSPECT_FOR).map(([url]) => url);
  }
}

function readKnown(json: string | null): readonly Replica[] {
  try {
    return cleanList(JSON.parse(json ?? '[]'));
  } catch {
    return [];
  }
}

function readSightings(json: string | null): readonly Sighting[] {
  return readKnown(json).map((replica) => ({ at: 0, ...replica }));
}

/** Keeps what has a name and a web address, as origins, within bounds: the list comes from outside or from an older version. */
function cleanList(value: unknown): readonly Replica[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, MOST_KNOWN).flatMap((item: Partial<Replica> | null) => {
    const url = originOf(String(item?.url ?? ''));
    return item && typeof item.name === 'string' && url ? [{ ...(item as Replica), url }] : [];
  });
}
