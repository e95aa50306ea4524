import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

/** The box that is drawn in; it is stretched to whatever size there is. */
const WIDTH = 100;
const HEIGHT = 28;
const EDGE = 2;

/** A trend as a line without a scale. Decoration: the number stands beside it. */
@Component({
  selector: 'app-sparkline',
  template: `
    <svg viewBox="0 0 100 28" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <path [attr.d]="path()" />
    </svg>
  `,
  styles: `
    :host {
      display: block;
    }

    svg {
      display: block;
      width: 100%;
      height: 100%;
    }

    path {
      fill: none;
      stroke: currentColor;
      stroke-width: 1.5;
      stroke-linejoin: round;
      vector-effect: non-scaling-stroke;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Sparkline {
  readonly values = input.required<readonly number[]>();

  protected readonly path = computed(() => linePath(this.values()));
}

/** An SVG path through the values, the lowest at the bottom, the highest at the top; nothing for fewer than two. */
export function linePath(values: readonly number[]): string {
  if (values.length < 2) return '';
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const y = (value: number) =>
    high > low ? HEIGHT - EDGE - ((value - low) / (high - low)) * (HEIGHT - 2 * EDGE) : HEIGHT / 2;
  const x = (index: number) => (index / (values.length - 1)) * WIDTH;
  return `M${values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`).join('L')}`;
}
