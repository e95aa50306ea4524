import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** The state of the line that all flows of a proxy share. */
export interface Line {
  readonly delayMs: number;
  /** Settled while bytes may pass. */
  readonly open: Promise<void>;
}

type Step = { readonly at: number } & (
  { readonly kind: 'data'; readonly chunk: Buffer } | { readonly kind: 'end' } | { readonly kind: 'reset' }
);

const maxQueuedBytes = 1024 * 1024;

/** One direction of one connection: what comes in waits its time in a queue and goes out in order, its end and its breaking too. */
export class Flow {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #line: Line;
  readonly #queue: Step[] = [];
  #queuedBytes = 0;
  #running = false;

  constructor(from: Socket, to: Socket, line: Line) {
    this.#from = from;
    this.#to = to;
    this.#line = line;
  }

  start(): void {
    this.#from.on('data', (chunk) => {
      this.#queuedBytes += chunk.length;
      if (this.#queuedBytes > maxQueuedBytes) this.#from.pause();
      this.#add({ kind: 'data', chunk, at: performance.now() });
    });
    this.#from.once('end', () => this.#add({ kind: 'end', at: performance.now() }));
    this.#from.once('error', () => this.#add({ kind: 'reset', at: performance.now() }));
    // After the end of both directions there is nothing left to break.
    this.#from.once(
      'close',
      (hadError) => hadError || this.#add({ kind: this.#from.readableEnded ? 'end' : 'reset', at: performance.now() }),
    );
  }

  #add(step: Step): void {
    this.#queue.push(step);
    if (!this.#running) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (let step = this.#queue.shift(); step; step = this.#queue.shift()) {
      const due = step.at + this.#line.delayMs - performance.now();
      if (due > 0) await delay(due);
      await this.#line.open;
      if (!this.#to.destroyed) await this.#pass(step);
    }
    this.#running = false;
  }

  async #pass(step: Step): Promise<void> {
    if (step.kind === 'end') {
      this.#to.end();
    } else if (step.kind === 'reset') {
      this.#to.resetAndDestroy();
    } else {
      if (!this.#to.write(step.chunk)) await writable(this.#to);
      this.#queuedBytes -= step.chunk.length;
      if (this.#queuedBytes <= maxQueuedBytes) this.#from.resume();
    }
  }
}

/** Settles when the socket takes more, or is gone. */
function writable(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done).off('close', done);
      resolve();
    };
    socket.on('drain', done).on('close', done);
  });
}
