import type { Message, MessagePage } from '../fixtures/wire.ts';

/** How long one replica may take for a page before the next one is asked, in milliseconds. */
const patience = 6_000;

/** Reads a room's messages over HTTP, from whichever replica answers. */
export class Pages {
  readonly #urls: readonly string[];
  readonly #accessToken: () => Promise<string>;

  constructor(urls: readonly string[], accessToken: () => Promise<string>) {
    this.#urls = urls;
    this.#accessToken = accessToken;
  }

  /** All messages of a room, oldest first. Throws when no replica answers. */
  async all(roomId: string, preferredUrl = this.#urls[0]!): Promise<readonly Message[]> {
    const pages: (readonly Message[])[] = [];
    for (let where = ''; ;) {
      const page = await this.#page(roomId, where, preferredUrl);
      pages.unshift(page.messages);
      if (!page.hasMore) return pages.flat();
      where = `before=${page.messages[0]!.id}`;
    }
  }

  /** Those after a message, oldest first, page by page. */
  async *after(roomId: string, last: Message, preferredUrl: string): AsyncGenerator<readonly Message[]> {
    for (let from = last; ;) {
      const page = await this.#page(roomId, `after=${from.id}`, preferredUrl);
      yield page.messages;
      if (!page.hasMore) return;
      from = page.messages.at(-1)!;
    }
  }

  async #page(roomId: string, where: string, preferredUrl: string): Promise<MessagePage> {
    let problem: unknown;
    for (const url of new Set([preferredUrl, ...this.#urls])) {
      try {
        const response = await fetch(`${url}/api/rooms/${roomId}/messages?limit=100&${where}`, {
          headers: { Authorization: `Bearer ${await this.#accessToken()}` },
          signal: AbortSignal.timeout(patience),
        });
        if (response.ok) return (await response.json()) as MessagePage;
        throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`);
      } catch (error) {
        problem = error;
      }
    }
    throw problem;
  }
}
