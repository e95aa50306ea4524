import { Service } from '@angular/core';
import { Observable, Subject } from 'rxjs';

import { HubLink } from './hub-link';
import { StatisticsClient } from './statistics-hub.contract';

/** The one door to `/statisticsHub`. It only listens. */
@Service()
export class StatisticsHub {
  readonly link = new HubLink('/statisticsHub');

  /** On connect once, then whenever something moved, at most ten times a second. */
  readonly updateStatistics = this.from('UpdateStatistics');

  private from<M extends keyof StatisticsClient>(method: M): Observable<StatisticsClient[M]> {
    const calls = new Subject<StatisticsClient[M]>();
    this.link.on(method, (argument: StatisticsClient[M]) => calls.next(argument));
    return calls.asObservable();
  }
}
