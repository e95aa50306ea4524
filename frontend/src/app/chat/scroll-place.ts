import { MessagePlace, ReadingPlace } from './conversation';

/** So close to the bottom counts as being there, in pixels. */
const AT_BOTTOM = 48;

/** Pixels from the view's lower edge to the end of what can be scrolled. */
export function distanceToBottom(view: HTMLElement): number {
  return view.scrollHeight - view.clientHeight - view.scrollTop;
}

/** Where the reader is: at the bottom, or with the first message in view so many pixels below the view's upper edge. */
export function placeIn(view: HTMLElement): ReadingPlace {
  return distanceToBottom(view) <= AT_BOTTOM ? 'bottom' : (firstInView(view) ?? 'bottom');
}

/** The first message in view, and how many pixels it is below the view's upper edge; null without messages. */
export function firstInView(view: HTMLElement): MessagePlace | null {
  const messages = view.querySelectorAll<HTMLElement>('[data-key]');
  const edge = view.getBoundingClientRect().top;
  let low = 0;
  let high = messages.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (messages[middle]!.getBoundingClientRect().bottom > edge) high = middle;
    else low = middle + 1;
  }
  const first = messages[low];
  if (!first) return null;
  return { key: first.dataset['key']!, offset: first.getBoundingClientRect().top - edge };
}

/** Puts the reader back to a place, whatever was added or removed around it. False when its message is not there. */
export function scrollTo(view: HTMLElement, place: ReadingPlace): boolean {
  if (place === 'bottom') {
    view.scrollTop = view.scrollHeight;
    return true;
  }
  const message = view.querySelector<HTMLElement>(`[data-key="${CSS.escape(place.key)}"]`);
  if (!message) return false;
  const moved = message.getBoundingClientRect().top - view.getBoundingClientRect().top - place.offset;
  // Writing the same value again would still end a running scroll on some browsers.
  if (Math.abs(moved) >= 1) view.scrollTop += moved;
  return true;
}
