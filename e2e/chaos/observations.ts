import type { Resumption } from '../../frontend/src/app/realtime/log-position.ts';
import type { ClientEvents } from './client.ts';
import { Count } from './count.ts';
import type { History } from './history.ts';
import type { Done } from './nemesis.ts';
import type { Offence } from './offence.ts';
import { Silence } from './silence.ts';

/** Offences beyond this many are counted, but not written down. */
const mostWritten = 200;

/** Notes what happens in a run: some of it is counted, most of it goes into the history, and a little is said at once. */
export class Observations implements ClientEvents {
  readonly streams = new Count();
  readonly faults = new Count();
  readonly recoveries: number[] = [];
  readonly failures: string[] = [];
  readonly silence = new Silence();
  replayed = 0;
  #accepted = 0;
  #offences = 0;
  readonly #history: History;
  readonly #onProgress: (line: string) => void;

  constructor(history: History, onProgress: (line: string) => void) {
    this.#history = history;
    this.#onProgress = onProgress;
  }

  accepted(): void {
    this.#accepted++;
    this.silence.broken();
  }

  stream(client: string, { resumed, replayed, reason }: Resumption): void {
    const outcome = reason ?? 'resumed';
    this.streams.add(outcome);
    if (resumed) this.replayed += replayed;
    this.#history.write('stream', { client, outcome, replayed });
  }

  link(client: string, what: 'connected' | 'lost', url: string): void {
    this.#history.write(what, { client, url });
  }

  fault({ kind, target, began, ended }: Done): void {
    this.faults.add(kind);
    this.#history.write('fault', { kind, target, lasted: (ended - began) / 1_000, accepted: this.#accepted });
    this.#onProgress(`${kind}: ${target}, for ${((ended - began) / 1_000).toFixed(1)} s; accepted ${this.#accepted}`);
  }

  recovery(ms: number): void {
    this.recoveries.push(ms);
    this.#history.write('recovered', { took: ms / 1_000, accepted: this.#accepted });
  }

  offence(offence: Offence): void {
    if (this.#offences++ < mostWritten) this.#history.write(offence.kind, { ...offence });
    if (this.#offences === 1) this.#onProgress(`${offence.kind}: ${offence.clientMessageId ?? ''} ${offence.detail}`);
  }

  /** Something else went wrong than with a message. */
  failure(error: unknown): void {
    const sentence = error instanceof Error ? error.message : String(error);
    this.failures.push(sentence);
    this.#history.write('failed', { sentence });
    this.#onProgress(`failed: ${sentence}`);
  }
}
