import { DestroyRef, computed, inject, signal } from '@angular/core';
import { Observable, Subscription } from 'rxjs';

import { ACCESS_TOKENS } from './access-token';
import { HUB_CONNECTOR, LONGEST_SILENCE, RawConnection } from './hub-connection';
import { HubFault, toFault } from './hub-fault';
import { BackplaneKind, LinkEvent, LinkPhase, LinkState, Recovery } from './link-state';
import { LogPosition, Resumption } from './log-position';
import { afterAwake } from './after-awake';
import { PageWatch } from './page-watch';
import { ATTEMPT_TIMEOUT, retryDelay } from './reconnect-policy';
import { Replicas } from './replicas';
import { Endpoint } from './replica';

/** A call without an answer after this long counts as unavailable, in milliseconds. */
const CALL_TIMEOUT = 10_000;

/** A link that was silent this long when the page wakes is asked whether it lives, in milliseconds. */
const WORTH_ASKING = 1_500;

/** Lines kept for the connection panel. */
const MOST_EVENTS = 20;

/** The list of replicas is asked for again this often, in milliseconds. */
const LIST_EVERY = 30_000;

type Handler = (...args: never[]) => void;

interface Opened {
  readonly connection: RawConnection;
  /** Settles when the connection is over, for whatever reason. */
  readonly over: Promise<void>;
  readonly end: () => void;
  /** The server's answer to the position that was presented; null while it has not come. */
  resumption: Resumption | null;
  lastHeard: number;
  transport: string;
  /** When its token ends: the server closes it then, and that says nothing against the replica. */
  tokenEndsAt: number;
}

interface Loss {
  readonly from: Endpoint;
  readonly at: number;
  readonly asked: boolean;
}

/**
 * Keeps one hub connected for as long as it is wanted, on whichever replica is alive. Must be made in an injection context.
 *
 * A lost connection goes to another replica at once. Nothing here knows what travels over the link: doors (`ChatHub`, …) do.
 */
export class HubLink {
  private readonly replicas = inject(Replicas);
  private readonly tokens = inject(ACCESS_TOKENS);
  private readonly connect = inject(HUB_CONNECTOR);
  private readonly page = inject(PageWatch);

  private readonly handlers: [string, Handler][] = [];
  private readonly _state = signal<LinkState>({ phase: 'idle', replica: null, transport: null, since: Date.now() });
  private position = new LogPosition();
  private readonly _connections = signal(0);
  private readonly _freshStarts = signal(0);
  private readonly _replays = signal<ReadonlyMap<string, number> | null>(null);
  private readonly _storeAway = signal(false);
  private readonly _backplane = signal<BackplaneKind>('log');
  private readonly _recovery = signal<Recovery | null>(null);
  private readonly _events = signal<readonly LinkEvent[]>([]);
  private opened: Opened | null = null;
  /** A connection has begun anew since the snapshot was last asked for. It need not be one that was kept: see `open`. */
  private beganAnew = false;
  private running: AbortController | null = null;
  private cutPause: (() => void) | null = null;
  private asked: string | null = null;
  private listedAt = 0;

  readonly state = computed<LinkState>(() => {
    const state = this._state();
    // A name may become known after the connection is made.
    return state.replica ? { ...state, replica: this.replicas.endpoint(state.replica.url) } : state;
  });
  readonly connected = computed(() => this._state().phase === 'connected');
  /** How many connections there have been. */
  readonly connections = this._connections.asReadonly();
  /** How many of them did not go on where the one before ended. When it changes, load what is shown again. */
  readonly freshStarts = this._freshStarts.asReadonly();
  /** How often each method was called with what had been missed; null until all of it has come. */
  readonly replays = this._replays.asReadonly();
  /** The replica says that it cannot reach the store of messages: nothing comes and nothing can be sent until it is back. */
  readonly storeAway = this._storeAway.asReadonly();
  /** What connects the replicas, as the last connection was told. */
  readonly backplane = this._backplane.asReadonly();
  /** The last loss that was healed. */
  readonly recovery = this._recovery.asReadonly();
  /** What happened, newest first. */
  readonly events = this._events.asReadonly();

  /** @param hub The hub's path, with a leading slash. */
  constructor(private readonly hub: string) {
    this.on('Backplane', ({ isAway }: { readonly isAway: boolean }) => this._storeAway.set(isAway));
    const watching = new Subscription();
    watching.add(this.page.woke.subscribe(() => void this.wake()));
    watching.add(this.page.tick.subscribe(() => this.listen()));
    inject(DestroyRef).onDestroy(() => {
      watching.unsubscribe();
      this.stop();
    });
  }

  /** Handles a method that the server calls, on this and every later connection. */
  on(method: string, handler: Handler): void {
    this.handlers.push([method, handler]);
    this.opened?.connection.on(method, handler);
  }

  start(): void {
    if (this.running) return;
    this.running = new AbortController();
    void this.run(this.running.signal);
  }

  /** Ends it and forgets what happened: the next to start it may be somebody else. */
  stop(): void {
    this.running?.abort();
    this.running = null;
    this.cutPause?.();
    this.drop();
    this.show('idle', null);
    this.position = new LogPosition();
    this.beganAnew = false;
    this._recovery.set(null);
    this._replays.set(null);
    this._events.set([]);
  }

  /**
   * Calls the server. A call that cannot be made, or gets no answer in ten seconds, fails with `unavailable`: it may or may not have
   * been carried out.
   */
  async invoke<T>(method: string, ...args: unknown[]): Promise<T> {
    const opened = this.opened;
    if (!opened || !this.connected()) throw new HubFault('unavailable', 'There is no connection at the moment.');
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new HubFault('unavailable', 'The server did not answer in time.')), CALL_TIMEOUT);
    });
    try {
      return await Promise.race([opened.connection.invoke<T>(method, ...args), late]);
    } catch (error) {
      throw toFault(error);
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * A stream of the server on the connection that there is when it is subscribed to. It does not outlive that connection: then, and if there
   * is none, it fails with `unavailable`. Unsubscribing tells the server to stop.
   */
  stream<T>(method: string, ...args: unknown[]): Observable<T> {
    return new Observable<T>((subscriber) => {
      const opened = this.opened;
      if (!opened || !this.connected()) {
        subscriber.error(new HubFault('unavailable', 'There is no connection at the moment.'));
        return undefined;
      }
      const stream = opened.connection.stream<T>(method, ...args).subscribe({
        next: (item) => subscriber.next(item),
        error: (error) => subscriber.error(toFault(error)),
        complete: () => subscriber.complete(),
      });
      // A link that is given up may take its time to say so.
      void opened.over.then(() => subscriber.error(new HubFault('unavailable', 'The connection was lost.')));
      return () => stream.dispose();
    });
  }

  /** Goes to this replica because the person wants it; if it does not answer, to any other. */
  moveTo(url: string): void {
    if (this._state().phase === 'connected' && this._state().replica?.url === url) return;
    this.asked = url;
    this.cutPause?.();
    this.drop();
  }

  /** Tells what the recovery brought, so that it can be said to the person. */
  caughtUp(missed: number): void {
    this._recovery.update((recovery) => (recovery && recovery.missed === null ? { ...recovery, missed } : recovery));
  }

  private async run(signal: AbortSignal): Promise<void> {
    let lost: Loss | null = null;
    let attempt = 0;
    let queue: string[] = [];

    while (!signal.aborted) {
      if (this.asked) {
        queue = [this.asked];
        this.asked = null;
        attempt = 0;
      } else if (queue.length === 0) {
        queue = this.replicas.candidates();
      }
      if (lost || attempt > 0) await this.pause(retryDelay(attempt));
      if (signal.aborted) return;
      if (this.asked) continue;

      const url = queue.shift()!;
      this.show(lost ? 'reconnecting' : 'connecting', this.replicas.endpoint(url));
      const opened = await this.open(url, signal);
      if (!opened) {
        attempt++;
        continue;
      }

      attempt = 0;
      queue = [];
      if (this.asked && this.asked !== url) {
        // Somebody asked for another one while this one was being reached.
        void opened.connection.stop().catch(() => undefined);
        continue;
      }
      this.asked = null;
      this.opened = opened;
      this.settled(opened, url, lost);
      await opened.over;
      this.opened = null;
      // The next replica says so itself if it does not reach the store either.
      this._storeAway.set(false);
      if (signal.aborted) return;

      const from = this.replicas.endpoint(url);
      lost = { from, at: Date.now(), asked: this.asked !== null };
      if (lost.asked) continue;
      const expired = Date.now() >= opened.tokenEndsAt - 5_000;
      if (expired) {
        queue = [url];
      } else {
        this.replicas.suspect(url);
        this.tell(`${from.name} went away`);
      }
      this.show('reconnecting', from);
    }
  }

  /** One attempt against one replica. Null when it failed or took too long. */
  private async open(url: string, signal: AbortSignal): Promise<Opened | null> {
    let end!: () => void;
    const over = new Promise<void>((resolve) => (end = resolve));
    let answer!: () => void;
    const replays = new Map<string, number>();
    let replayed = 0;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    const connection = this.connect({
      replica: url,
      hub: this.hub,
      accessToken: () => this.tokens.fresh(),
      position: this.position,
      ticket: this.position.begin(),
      resumed: (resumption) => {
        opened.resumption = resumption;
        // The position has moved. Should the attempt be given up at this very moment, the next one goes on from there, and nobody
        // would load what lies before it.
        if (!resumption.resumed) this.beganAnew = true;
        this._replays.set(resumption.resumed && resumption.replayed === 0 ? replays : null);
        answer();
      },
      replayed: (method) => {
        replays.set(method, (replays.get(method) ?? 0) + 1);
        if (++replayed === opened.resumption?.replayed) this._replays.set(replays);
      },
      heard: () => (opened.lastHeard = Date.now()),
      transport: (name) => (opened.transport = name),
    });
    const opened: Opened = {
      connection,
      over,
      end,
      resumption: null,
      lastHeard: Date.now(),
      transport: 'Long polling',
      tokenEndsAt: 0,
    };
    connection.onclose(end);
    for (const [method, handler] of this.handlers) connection.on(method, handler);

    const attempt = new AbortController();
    const gaveUp = new Promise<false>((resolve) => {
      afterAwake(
        ATTEMPT_TIMEOUT,
        () => this.page.visible(),
        attempt.signal,
        () => resolve(false),
      );
      signal.addEventListener('abort', () => resolve(false), { once: true });
    });
    // Without the answer nobody knows whether something is missing: a connection counts once it has come.
    const started = connection.start().then(
      () => Promise.race([answered.then(() => true), over.then(() => false)]),
      () => false,
    );
    const ready = await Promise.race([started, gaveUp]);
    attempt.abort();
    if (ready) {
      opened.tokenEndsAt = this.tokens.endsAt();
      this.position.previous = connection.connectionId ?? '';
      return opened;
    }
    void connection.stop().catch(() => undefined);
    if (!signal.aborted) this.replicas.suspect(url);
    return null;
  }

  private settled(opened: Opened, url: string, lost: Loss | null): void {
    const now = Date.now();
    const to = this.replicas.endpoint(url);
    this.replicas.settle(url);
    this.show('connected', to, opened.transport);
    if (lost) {
      const took = now - lost.at;
      this._recovery.set({ from: lost.from, to, took, at: now, asked: lost.asked, missed: null });
      const seconds = (took / 1000).toFixed(1);
      this.tell(
        lost.from.url === url
          ? `back on ${to.name} after ${seconds} s`
          : `moved from ${lost.from.name} to ${to.name} after ${seconds} s`,
      );
    } else {
      this.tell(`connected to ${to.name}`);
    }
    this._connections.update((count) => count + 1);
    this._backplane.set(backplaneOf(opened.resumption!));
    if (this.beganAnew) this._freshStarts.update((count) => count + 1);
    this.beganAnew = false;
    this.listReplicas();
  }

  /** The page woke: stop waiting, and see whether a connection that looks alive is. */
  private async wake(): Promise<void> {
    this.cutPause?.();
    const opened = this.opened;
    if (!opened) return;
    const silence = Date.now() - opened.lastHeard;
    if (silence > LONGEST_SILENCE) return this.drop();
    if (silence < WORTH_ASKING) return;
    const replica = this._state().replica;
    if (replica && !(await this.replicas.answers(replica.url)) && this.opened === opened) this.drop();
  }

  /** Timers stand still while a machine sleeps, so silence is measured by the wall clock. */
  private listen(): void {
    const opened = this.opened;
    if (opened && Date.now() - opened.lastHeard > LONGEST_SILENCE) this.drop();
    if (this.connected() && Date.now() - this.listedAt > LIST_EVERY && this.page.visible()) this.listReplicas();
    const { phase } = this._state();
    if (phase !== this.worded(phase)) this._state.update((state) => ({ ...state, phase: this.worded(phase) }));
  }

  private listReplicas(): void {
    this.listedAt = Date.now();
    void this.replicas.refresh();
  }

  private drop(): void {
    const opened = this.opened;
    if (!opened) return;
    // Stopping says goodbye over a link that may be dead, so nobody waits for it.
    void opened.connection.stop().catch(() => undefined);
    opened.end();
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.cutPause?.(), milliseconds);
      this.cutPause = () => {
        clearTimeout(timer);
        this.cutPause = null;
        resolve();
      };
    });
  }

  private show(phase: LinkPhase, replica: Endpoint | null, transport: string | null = null): void {
    const worded = this.worded(phase);
    this._state.update((state) => ({
      phase: worded,
      replica,
      transport,
      since: state.phase === worded && worded !== 'connected' ? state.since : Date.now(),
    }));
  }

  /** Without a network, trying is called what the person sees: offline. */
  private worded(phase: LinkPhase): LinkPhase {
    if (phase === 'idle' || phase === 'connected') return phase;
    if (!this.page.online()) return 'offline';
    return phase === 'offline' ? 'reconnecting' : phase;
  }

  private tell(text: string): void {
    this._events.update((events) => [{ at: Date.now(), text }, ...events].slice(0, MOST_EVENTS));
  }
}

function backplaneOf({ reason, backplane }: Resumption): BackplaneKind {
  if (reason !== 'unsupported') return 'log';
  return backplane === 'none' ? 'none' : 'lossy';
}
