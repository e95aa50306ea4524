import { DOCUMENT, Directive, ElementRef, inject } from '@angular/core';

/** Arrow keys, Home and End move the focus through the links and buttons marked `data-roving` inside. */
@Directive({
  selector: '[appRoving]',
  host: { '(keydown)': 'move($event)' },
})
export class Roving {
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly document = inject(DOCUMENT);

  protected move(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const stops = [...this.host.querySelectorAll<HTMLElement>('[data-roving]')];
    const here = stops.indexOf(this.document.activeElement as HTMLElement);
    const target = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: stops.length - 1 }[event.key];
    if (target === undefined || here < 0) return;
    event.preventDefault();
    stops[Math.max(0, Math.min(stops.length - 1, target))]?.focus();
  }
}
