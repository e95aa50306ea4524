import { Provider, Renderer2, RendererFactory2, RendererType2, SkipSelf } from '@angular/core';

/**
 * What ngx-charts needs: its templates name Angular animations, which a renderer without their engine takes for a mistake. The charts move
 * without them, so here they are passed over, and the engine is loaded by nobody. For the routes that show charts.
 */
export function provideCharts(): Provider[] {
  return [
    {
      provide: RendererFactory2,
      useFactory: (outer: RendererFactory2) => new WithoutAnimations(outer),
      deps: [[new SkipSelf(), RendererFactory2]],
    },
  ];
}

class WithoutAnimations implements RendererFactory2 {
  constructor(private readonly outer: RendererFactory2) {}

  createRenderer(host: unknown, type: RendererType2 | null): Renderer2 {
    const renderer = this.outer.createRenderer(host, type);
    // Others share the renderer, so it is not changed but stood in front of.
    const quiet = Object.create(renderer) as Renderer2;
    quiet.setProperty = (element, name, value) => {
      if (!name.startsWith('@')) renderer.setProperty(element, name, value);
    };
    return quiet;
  }

  begin(): void {
    this.outer.begin?.();
  }

  end(): void {
    this.outer.end?.();
  }
}
