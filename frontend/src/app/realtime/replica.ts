/** A live replica as `GET /api/replicas` describes it. */
export interface Replica {
  readonly name: string;
  readonly url: string;
  readonly connections: number;
  readonly startedAt: string;
  readonly version: string;
}

/** Somewhere the app can talk to. The page's own origin is one before its replica's name is known. */
export interface Endpoint {
  /** Origin without a trailing slash. */
  readonly url: string;
  readonly name: string;
}

/** The origin of a URL, so that `http://a:1/` and `http://a:1` compare equal; null for what is no web address. */
export function originOf(url: string): string | null {
  try {
    const parsed = new URL(url);
    return parsed.protocol === 'http:' || parsed.protocol === 'https:' ? parsed.origin : null;
  } catch {
    return null;
  }
}
