import { ChangeDetectionStrategy, Component } from '@angular/core';
import { MatIcon } from '@angular/material/icon';

/** What stands beside the list while no room is open. */
@Component({
  selector: 'app-pick-a-room',
  imports: [MatIcon],
  template: `
    <mat-icon svgIcon="chat" aria-hidden="true" />
    <h2>Pick a room</h2>
    <p>Or press <kbd>Ctrl</kbd> <kbd>K</kbd> and type its name.</p>
  `,
  styleUrl: '../shell/blank.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PickARoom {}
