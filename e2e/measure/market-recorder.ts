import { setTimeout as delay } from 'node:timers/promises';
import { HubConnectionBuilder, LogLevel, type HubConnection } from '@microsoft/signalr';
import type { Account } from '../fixtures/account.ts';
import type { ReplicaUnderTest } from '../fixtures/replica.ts';

interface Price {
  readonly symbol: string;
  readonly sequence: number;
}

/** A tick as it is kept. */
export interface Tick {
  readonly sequence: number;
  readonly term: number;
  readonly prices: readonly Price[];
}

/** Writes down every tick that one replica's hub sends, over one connection after the other. */
export class MarketRecorder {
  /** What each tick said of its prices. */
  readonly ticks = new Map<number, string>();
  first = Number.MAX_SAFE_INTEGER;
  last = 0;
  /** Ticks that did not follow the one before them on their connection. */
  disorders = 0;
  readonly #account: Account;
  readonly #replica: ReplicaUnderTest;
  #connection: HubConnection | undefined;
  #before = 0;
  #over = false;
  #running: Promise<void> | undefined;

  private constructor(account: Account, replica: ReplicaUnderTest) {
    this.#account = account;
    this.#replica = replica;
  }

  static async start(account: Account, replica: ReplicaUnderTest): Promise<MarketRecorder> {
    const recorder = new MarketRecorder(account, replica);
    await recorder.#connect();
    return recorder;
  }

  /** Whether ticks come from this replica now. */
  get isLive(): boolean {
    return this.#connection !== undefined && this.#before > 0;
  }

  async stop(): Promise<void> {
    this.#over = true;
    await this.#connection?.stop();
    await this.#running;
  }

  async #connect(): Promise<void> {
    const connection = new HubConnectionBuilder()
      .withUrl(`${this.#replica.url}/stockTickerHub`, { accessTokenFactory: () => this.#account.accessToken })
      .configureLogging(LogLevel.None)
      .build();
    connection.serverTimeoutInMilliseconds = 10_000;
    this.#before = 0;
    connection.on('UpdateStockPrices', (prices: readonly Price[]) => this.#take(prices));
    for (const method of ['MarketOpened', 'MarketClosed', 'MarketReset', 'MarketChanged'])
      connection.on(method, () => {});
    connection.onclose(() => {
      this.#connection = undefined;
      this.#running = this.#comeBack();
    });
    await connection.start();
    this.#connection = connection;
  }

  /** To the same replica, as soon as it takes connections again. */
  async #comeBack(): Promise<void> {
    while (!this.#over) {
      try {
        return await this.#connect();
      } catch {
        await delay(200);
      }
    }
  }

  #take(prices: readonly Price[]): void {
    const { sequence } = prices[0]!;
    if (this.#before > 0 && sequence !== this.#before + 1) this.disorders++;
    this.#before = sequence;
    this.first = Math.min(this.first, sequence);
    this.last = Math.max(this.last, sequence);
    this.ticks.set(sequence, JSON.stringify(prices));
  }
}
