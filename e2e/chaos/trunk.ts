import { startProxy, type Proxy, type StoreRoute } from '@hubbub/cluster';

/** The lines from one replica to its stores, which break together, as when its machine is cut off while people still reach it. */
export class Trunk implements AsyncDisposable {
  readonly #proxies: Proxy[] = [];

  /** Puts itself between the replica and the store; gives the port to find the store at. */
  async lay({ port }: StoreRoute): Promise<number> {
    const proxy = await startProxy({ targetPort: port });
    this.#proxies.push(proxy);
    return proxy.port;
  }

  cut(): void {
    for (const proxy of this.#proxies) proxy.cut();
  }

  stall(): void {
    for (const proxy of this.#proxies) proxy.stall();
  }

  heal(): void {
    for (const proxy of this.#proxies) proxy.heal();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#proxies.map((proxy) => proxy.close()));
  }
}
