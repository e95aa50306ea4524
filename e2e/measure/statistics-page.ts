import { HubConnectionBuilder, LogLevel, type HubConnection } from '@microsoft/signalr';
import type { Account } from '../fixtures/account.ts';
import type { ReplicaUnderTest } from '../fixtures/replica.ts';

interface Update {
  readonly totalAnswers: number;
  readonly correctAnswers: number;
  readonly version: number;
}

/** What an open statistics page receives, without the page. */
export class StatisticsPage {
  total = 0;
  correct = 0;
  /** Updates after the snapshot. */
  updates = -1;
  /** When the last update came that changed something, as `performance.now()`. */
  lastAt = 0;
  /** Whether a number was ever lower than before. */
  fell = false;
  readonly #connection: HubConnection;
  #version = -1;

  private constructor(connection: HubConnection) {
    this.#connection = connection;
    connection.on('UpdateStatistics', (update: Update) => this.#take(update));
  }

  /** Connects, and has the snapshot. */
  static async open(account: Account, replica: ReplicaUnderTest): Promise<StatisticsPage> {
    const connection = new HubConnectionBuilder()
      .withUrl(`${replica.url}/statisticsHub`, { accessTokenFactory: () => account.accessToken })
      .configureLogging(LogLevel.None)
      .build();
    const page = new StatisticsPage(connection);
    const snapshot = new Promise<void>((resolve) => connection.on('UpdateStatistics', () => resolve()));
    await connection.start();
    await snapshot;
    return page;
  }

  close(): Promise<void> {
    return this.#connection.stop();
  }

  #take({ totalAnswers, correctAnswers, version }: Update): void {
    this.updates++;
    this.fell ||= version < this.#version || totalAnswers < this.total;
    if (totalAnswers !== this.total) this.lastAt = performance.now();
    [this.total, this.correct, this.#version] = [totalAnswers, correctAnswers, version];
  }
}
