import { ChangeDetectionStrategy, Component, input } from '@angular/core';

import { Brand } from '../shell/brand';

/** The frame of the pages that people see before they are signed in. */
@Component({
  selector: 'app-entrance',
  imports: [Brand],
  templateUrl: './entrance.html',
  styleUrl: './entrance.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Entrance {
  readonly heading = input.required<string>();
  readonly tagline = input.required<string>();
}
