import { NgTemplateOutlet } from '@angular/common';
import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  ElementRef,
  TemplateRef,
  ViewEncapsulation,
  afterRenderEffect,
  contentChild,
  inject,
  input,
  signal,
  viewChild,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';

import { ChartTable } from './chart-table';

/**
 * A chart with its title, or the same numbers as a table. The chart comes as a template that is given the size it has, as `[width, height]`:
 * it is drawn anew whenever that changes, by whatever cause. Screen readers get a sentence in its place.
 */
@Component({
  selector: 'app-chart-figure',
  imports: [MatButton, MatIcon, NgTemplateOutlet],
  templateUrl: './chart-figure.html',
  styleUrl: './chart-figure.scss',
  // The charts' own elements are styled from here.
  encapsulation: ViewEncapsulation.None,
  host: { class: 'chart-figure' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ChartFigure {
  readonly heading = input.required<string>();
  /** What the chart shows, in a sentence. */
  readonly summary = input.required<string>();
  readonly table = input.required<ChartTable>();
  /** Whether one may change to the table; a board on a wall has nobody who could. */
  readonly switchable = input(true);

  private readonly chart = contentChild.required(TemplateRef);
  private readonly canvas = viewChild<ElementRef<HTMLElement>>('canvas');

  protected readonly asTable = signal(false);
  protected readonly view = signal<[number, number] | null>(null);
  protected readonly template = this.chart;

  constructor() {
    const watch = new ResizeObserver((entries) => {
      const { width, height } = entries.at(-1)!.contentRect;
      this.view.set(width > 0 && height > 0 ? [Math.floor(width), Math.floor(height)] : null);
    });
    afterRenderEffect((onCleanup) => {
      const canvas = this.canvas()?.nativeElement;
      if (!canvas) return;
      watch.observe(canvas);
      onCleanup(() => watch.unobserve(canvas));
    });
    inject(DestroyRef).onDestroy(() => watch.disconnect());
  }

  protected changeView(): void {
    this.asTable.update((asTable) => !asTable);
  }
}
