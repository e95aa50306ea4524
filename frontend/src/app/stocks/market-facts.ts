import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';

import { wordsOf } from '../cluster/link-words';
import { Market } from './market';
import { ageText, latencyText, wholeText } from './numbers';

/** How fresh the board is, what was left out on the way, and who serves it. */
@Component({
  selector: 'app-market-facts',
  imports: [MatButton, MatIcon],
  templateUrl: './market-facts.html',
  styleUrl: './market-facts.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class MarketFacts {
  private readonly market = inject(Market);

  /** On a phone, all but the first two are shown when they are asked for. */
  protected readonly all = signal(false);
  protected readonly stale = this.market.stale;
  protected readonly leader = this.market.leader;
  protected readonly standing = this.market.standing;
  protected readonly tick = computed(() => {
    const { sequence } = this.standing();
    return sequence === null ? '–' : wholeText(sequence);
  });
  protected readonly age = computed(() => {
    const age = this.market.age();
    return age === null ? '–' : `${ageText(age)} ago`;
  });
  protected readonly latency = computed(() => {
    const latency = this.market.latency();
    return latency ? `${latencyText(latency.p50)}, 95 % in ${latencyText(latency.p95)}` : 'no tick lately';
  });
  protected readonly folded = computed(() => {
    const { folded } = this.standing();
    return `${wholeText(folded)} ${folded === 1 ? 'tick' : 'ticks'} folded`;
  });
  protected readonly servedBy = computed(() => {
    const state = this.market.link.state();
    return state.phase === 'connected' ? state.replica!.name : wordsOf(state).short;
  });

  protected toggle(): void {
    this.all.update((all) => !all);
  }
}
