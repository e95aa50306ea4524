import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialogModule } from '@angular/material/dialog';
import { MatIcon } from '@angular/material/icon';
import { MatRadioModule } from '@angular/material/radio';

import { exactTimeOf, timeOf } from '../chat/times';
import { ChatHub } from '../realtime/chat-hub';
import { Replicas } from '../realtime/replicas';
import { warningOf, wordsOf } from './link-words';

/** Stands for "whichever is alive" among the names of replicas. */
const AUTOMATIC = '';

/** The connection in full: where, how, since when, which other replicas there are, and what happened lately. */
@Component({
  selector: 'app-connection-panel',
  imports: [MatButton, MatDialogModule, MatIcon, MatRadioModule],
  templateUrl: './connection-panel.html',
  styleUrl: './connection-panel.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ConnectionPanel {
  private readonly link = inject(ChatHub).link;
  private readonly replicas = inject(Replicas);

  protected readonly state = this.link.state;
  protected readonly events = computed(() => this.link.events().slice(0, 6));
  protected readonly known = this.replicas.known;
  protected readonly words = computed(() => wordsOf(this.state()));
  protected readonly warning = computed(() => (this.link.connected() ? warningOf(this.link.backplane()) : null));
  protected readonly choice = computed(() => this.replicas.preferred() ?? AUTOMATIC);
  /** A replica that was asked for and is not alive. */
  protected readonly away = computed(() => {
    const preferred = this.replicas.preferred();
    return preferred && !this.known().some((replica) => replica.name === preferred) ? preferred : null;
  });

  protected readonly automatic = AUTOMATIC;
  protected readonly timeOf = timeOf;
  protected readonly exactTimeOf = exactTimeOf;

  constructor() {
    void this.replicas.refresh();
  }

  protected choose(name: string): void {
    this.replicas.prefer(name === AUTOMATIC ? null : name);
    const wanted = this.known().find((replica) => replica.name === name);
    if (wanted) this.link.moveTo(wanted.url);
  }
}
