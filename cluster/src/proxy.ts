import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, Socket } from 'node:net';
import { Flow } from './proxy-flow.ts';

export interface ProxyOptions {
  readonly targetPort: number;
  readonly targetHost?: string;
  /** Where to listen on 127.0.0.1; any free port unless told. */
  readonly port?: number;
}

/** A TCP connection in the middle of which faults can be made: between a replica and its store, or a browser and a replica. */
export class Proxy implements AsyncDisposable {
  /** What flows waits for this, and reads the delay from here. */
  readonly #line = { delayMs: 0, open: Promise.resolve() };
  readonly #server: Server;
  readonly #target: { readonly host: string; readonly port: number };
  readonly #sockets = new Set<Socket>();
  #isCut = false;
  #reopen: (() => void) | undefined;

  private constructor({ targetPort, targetHost = '127.0.0.1' }: ProxyOptions) {
    this.#target = { host: targetHost, port: targetPort };
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#accept(client));
  }

  static async start(options: ProxyOptions): Promise<Proxy> {
    const proxy = new Proxy(options);
    proxy.#server.listen({ host: '127.0.0.1', port: options.port ?? 0 });
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** How many clients are connected. */
  get connections(): number {
    return this.#sockets.size / 2;
  }

  /** Breaks all connections, as a cable pulled with a reset does, and every new one until {@link heal}. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Lets nothing through in either direction; connections stay open, and new ones are accepted. */
  stall(): void {
    if (this.#reopen) return;
    this.#line.open = new Promise((resolve) => (this.#reopen = resolve));
  }

  /** Delays every byte by so many milliseconds, in each direction. */
  latency(ms: number): void {
    this.#line.delayMs = ms;
  }

  /** Ends all faults; what was held back by {@link stall} goes on. */
  heal(): void {
    this.#isCut = false;
    this.#line.delayMs = 0;
    this.#line.open = Promise.resolve();
    this.#reopen?.();
    this.#reopen = undefined;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.cut();
    await closed;
    // Flows that a stall has held back find their sockets gone and end.
    this.#reopen?.();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #accept(client: Socket): void {
    if (this.#isCut) {
      client.on('error', () => {});
      client.resetAndDestroy();
      return;
    }
    const server = connect({ ...this.#target, allowHalfOpen: true, noDelay: true });
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    }
    new Flow(client, server, this.#line).start();
    new Flow(server, client, this.#line).start();
  }
}

/** Listens on 127.0.0.1 and forwards every connection to the target. */
export function startProxy(options: ProxyOptions): Promise<Proxy> {
  return Proxy.start(options);
}
