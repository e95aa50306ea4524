import { ChangeDetectionStrategy, Component } from '@angular/core';

/** The mark: a speech bubble with an H whose bar is a pulse. Decoration; the name stands beside it. */
@Component({
  selector: 'app-brand',
  template: `
    <svg viewBox="0 0 40 40" aria-hidden="true" focusable="false">
      <path
        class="bubble"
        d="M9 4h22a7 7 0 0 1 7 7v13a7 7 0 0 1-7 7H19l-9.300 6.600A1 1 0 0 1 8 36.800V31a6 6 0 0 1-6-6V11a7 7 0 0 1 7-7z"
      />
      <path class="stem" d="M12 11v13M28 11v13" />
      <path class="pulse" d="M12 17.500h4l2.500-4.500 3.500 9 2-4.500h4" />
    </svg>
    <span class="name">Hubbub</span>
  `,
  styleUrl: './brand.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Brand {}
