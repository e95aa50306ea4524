import { ChangeDetectionStrategy, Component, inject, output } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';

import { Avatar } from './avatar';
import { People } from './people';

/** Who is in the room, online or not. */
@Component({
  selector: 'app-people-panel',
  imports: [Avatar, MatButton, MatIcon, MatIconButton],
  templateUrl: './people-panel.html',
  styleUrl: './people-panel.scss',
  host: { '(keydown.escape)': 'closed.emit()' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PeoplePanel {
  protected readonly store = inject(People);

  readonly closed = output();
}
