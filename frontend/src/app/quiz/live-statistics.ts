import { DestroyRef, Service, computed, effect, inject, signal, untracked } from '@angular/core';

import { problemOf } from '../accounts/problem';
import { Clock } from '../chat/clock';
import { Replicas } from '../realtime/replicas';
import { StatisticsHub } from '../realtime/statistics-hub';
import { QuizApi } from './quiz-api';
import {
  NOTHING_KNOWN,
  categoriesOf,
  lastHourOf,
  questionsOf,
  summaryFor,
  withDetails,
  withUpdate,
} from './statistics';

/**
 * The quiz's results as they move, while somebody looks at them: it keeps the hub connected from its making to its end. What was missed
 * comes by itself when a connection goes on where the last one ended; after any other the details are loaded again.
 */
@Service({ autoProvided: false })
export class LiveStatistics {
  private readonly api = inject(QuizApi);
  private readonly clock = inject(Clock);
  private readonly hub = inject(StatisticsHub);
  private readonly replicas = inject(Replicas);

  private readonly known = signal(NOTHING_KNOWN);
  private readonly _category = signal<string | null>(null);
  private readonly _phase = signal<'loading' | 'ready' | 'failed'>('loading');
  private readonly _problem = signal('');
  /** The last load that was begun: only that one says how loading went. */
  private loads = 0;

  readonly link = this.hub.link;
  /** The one that is shown, null for all. */
  readonly category = this._category.asReadonly();
  readonly phase = this._phase.asReadonly();
  /** Why loading failed, in words. */
  readonly problem = this._problem.asReadonly();
  readonly summary = computed(() => summaryFor(this.known(), this._category()));
  readonly categories = computed(() => categoriesOf(this.known()));
  readonly questions = computed(() => questionsOf(this.known(), this._category()));
  readonly lastHour = computed(() => lastHourOf(this.known(), this._category(), this.clock.now()));

  constructor() {
    const news = this.hub.updateStatistics.subscribe((update) =>
      this.known.update((known) => withUpdate(known, update)),
    );
    this.link.start();

    effect(() => {
      this._category();
      this.link.freshStarts();
      untracked(() => void this.load());
    });
    // The loading may have failed for the same reason for which the connection was lost.
    effect(() => {
      if (this.link.connections() > 0 && untracked(this._phase) === 'failed') untracked(() => void this.load());
    });
    // Somebody who picks a replica by hand means all of the app.
    effect(() => {
      const name = this.replicas.preferred();
      const wanted = name === null ? null : untracked(this.replicas.known).find((replica) => replica.name === name);
      if (wanted) untracked(() => this.link.moveTo(wanted.url));
    });

    inject(DestroyRef).onDestroy(() => {
      news.unsubscribe();
      this.link.stop();
    });
  }

  show(category: string | null): void {
    this._category.set(category);
  }

  /** Loads what is shown, the first time or again. */
  async load(): Promise<void> {
    const load = ++this.loads;
    const category = this._category();
    if (this.summary() === null) this._phase.set('loading');
    try {
      const details = await this.api.statistics(category);
      this.known.update((known) => withDetails(known, details, category));
      if (load === this.loads) this._phase.set('ready');
    } catch (error) {
      if (load !== this.loads) return;
      this._problem.set(problemOf(error).sentence);
      this._phase.set('failed');
    }
  }
}
