import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

import { isEmojiOnly, messageParts } from './message-parts';

/** The text of a message with its line breaks, its web addresses as links, and nothing else interpreted. */
@Component({
  selector: 'app-message-text',
  template: `@for (part of parts(); track $index) {
    @if (part.kind === 'link') {
      <a [href]="part.href" target="_blank" rel="noopener noreferrer nofollow">{{ part.text }}</a>
    } @else {
      <ng-container>{{ part.text }}</ng-container>
    }
  }`,
  styles: `
    :host {
      display: block;
      overflow-wrap: anywhere;
      white-space: pre-wrap;
    }

    :host.large {
      font-size: 2.1rem;
      line-height: 1.25;
    }

    a {
      color: inherit;
      text-decoration-color: color-mix(in srgb, currentcolor 45%, transparent);
    }

    a:hover {
      text-decoration-color: currentcolor;
    }
  `,
  host: { '[class.large]': 'large()', dir: 'auto' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class MessageText {
  readonly text = input.required<string>();

  protected readonly parts = computed(() => messageParts(this.text()));
  protected readonly large = computed(() => isEmojiOnly(this.text()));
}
