import { startProxy, type Proxy } from '@hubbub/cluster';

/** The cables from one group of clients to all replicas, each of which can be broken by itself. */
export class Cables implements AsyncDisposable {
  readonly name: string;
  readonly #proxies: readonly Proxy[];

  private constructor(name: string, proxies: readonly Proxy[]) {
    this.name = name;
    this.#proxies = proxies;
  }

  static async lay(name: string, ports: readonly number[]): Promise<Cables> {
    return new Cables(name, await Promise.all(ports.map((targetPort) => startProxy({ targetPort }))));
  }

  /** Where the clients of this group find the replicas, in their order. */
  get urls(): readonly string[] {
    return this.#proxies.map(({ port }) => `http://127.0.0.1:${port}`);
  }

  /** To the replica with this number. */
  cable(replica: number): Proxy {
    return this.#proxies[replica]!;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#proxies.map((proxy) => proxy.close()));
  }
}
