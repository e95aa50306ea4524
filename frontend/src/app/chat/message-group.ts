import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatTooltip } from '@angular/material/tooltip';

import { Avatar } from './avatar';
import { hueOf } from './avatar-look';
import { Group, Item } from './blocks';
import { MessageText } from './message-text';
import { OutboxEntry } from './outbox-entry';
import { exactTimeOf, timeOf } from './times';

/** Consecutive messages of one person under one name and time. */
@Component({
  selector: 'app-message-group',
  imports: [Avatar, MatButton, MatIcon, MatTooltip, MessageText],
  templateUrl: './message-group.html',
  styleUrl: './message-group.scss',
  host: { '[class.mine]': 'group().mine', '[style.--hue]': 'hue()' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class MessageGroup {
  readonly group = input.required<Group>();
  /** Whether messages can go out right now. */
  readonly connected = input(true);

  readonly retried = output<OutboxEntry>();
  readonly edited = output<OutboxEntry>();
  readonly discarded = output<OutboxEntry>();

  protected readonly hue = computed(() => hueOf(this.group().userId));
  protected readonly exactTimeOf = exactTimeOf;
  protected readonly timeOf = timeOf;

  /** For what software reads times from. */
  protected iso(at: number): string {
    return new Date(at).toISOString();
  }

  protected labelOf(item: Item): string {
    return `${this.group().mine ? 'You' : this.group().userName}, ${timeOf(item.at)}`;
  }

  /** While there is no connection, a message that no server has seen can be taken back without any doubt. */
  protected untried(item: Item): OutboxEntry | null {
    return !this.connected() && item.state === 'waiting' && item.entry?.attempts === 0 ? item.entry : null;
  }
}
