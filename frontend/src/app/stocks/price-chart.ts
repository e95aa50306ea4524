import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  ElementRef,
  ViewEncapsulation,
  afterNextRender,
  computed,
  inject,
  input,
  signal,
} from '@angular/core';
import { AreaChartModule } from '@swimlane/ngx-charts';

import { secondsOf, timeOf } from '../chat/times';
import { priceText } from './numbers';
import { PricePoint } from './price-history';

/** Below this many milliseconds from end to end, the times along a chart would be the same ones again without their seconds. */
const SHORT = 10 * 60_000;

/** Prices over time. Whoever does not see the chart gets its gist in a sentence. */
@Component({
  selector: 'app-price-chart',
  imports: [AreaChartModule],
  template: `
    <p class="visually-hidden">{{ sentence() }}</p>
    @if (points().length < 2) {
      <p class="none">Not enough has happened yet to draw it.</p>
    } @else if (view(); as size) {
      <div aria-hidden="true" data-testid="price-chart" [attr.data-points]="points().length">
        <ngx-charts-area-chart
          [view]="size"
          [results]="results()"
          [customColors]="colour"
          [xAxis]="true"
          [yAxis]="true"
          [xAxisTickFormatting]="time()"
          [yAxisTickFormatting]="price"
          [yScaleMin]="scale().low"
          [yScaleMax]="scale().high"
          [gradient]="true"
          [animations]="false"
        />
      </div>
    }
  `,
  styleUrl: './price-chart.scss',
  // The chart's own elements are styled from here.
  encapsulation: ViewEncapsulation.None,
  host: { class: 'price-chart' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PriceChart {
  readonly points = input.required<readonly PricePoint[]>();

  protected readonly view = signal<[number, number] | null>(null);
  protected readonly results = computed(() => [
    { name: 'Price', series: this.points().map(({ time, price }) => ({ name: new Date(time), value: price })) },
  ]);
  /** A little room above and below, so that the line does not run along an edge. */
  protected readonly scale = computed(() => {
    const { low, high } = extent(this.points());
    const room = Math.max((high - low) * 0.08, 0.01);
    return { low: Math.max(0, low - room), high: high + room };
  });
  protected readonly sentence = computed(() => {
    const points = this.points();
    if (points.length < 2) return '';
    const { low, high } = extent(points);
    const [first, last] = [points[0]!, points.at(-1)!];
    return `From ${priceText(first.price)} at ${timeOf(first.time)} to ${priceText(last.price)} at ${timeOf(last.time)}, between ${priceText(low)} and ${priceText(high)}.`;
  });
  protected readonly colour = () => 'var(--mat-sys-primary)';
  protected readonly time = computed(() => {
    const points = this.points();
    const isShort = (points.at(-1)?.time ?? 0) - (points[0]?.time ?? 0) < SHORT;
    return (at: Date) => (isShort ? secondsOf(at.getTime()) : timeOf(at.getTime()));
  });
  protected readonly price = (value: number) => priceText(value);

  constructor() {
    const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    const watch = new ResizeObserver((entries) => {
      const { width, height } = entries.at(-1)!.contentRect;
      this.view.set(width > 0 && height > 0 ? [Math.floor(width), Math.floor(height)] : null);
    });
    afterNextRender(() => watch.observe(host));
    inject(DestroyRef).onDestroy(() => watch.disconnect());
  }
}

function extent(points: readonly PricePoint[]): { low: number; high: number } {
  let [low, high] = [Infinity, -Infinity];
  for (const { price } of points) {
    low = Math.min(low, price);
    high = Math.max(high, price);
  }
  return { low, high };
}
