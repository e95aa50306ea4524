import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatIcon } from '@angular/material/icon';
import { firstValueFrom } from 'rxjs';

import { Session } from '../accounts/session';
import { toFault } from '../realtime/hub-fault';
import { MarketCommand } from '../realtime/stock-ticker-hub.contract';
import { AuditLog } from './audit-log';
import { ConfirmReset } from './confirm-reset';
import { Market } from './market';
import { PACES, PriceFeed } from './price-feed';

/** Whether the market is open, what administrators may do about it, and how the person wants to look on. */
@Component({
  selector: 'app-market-controls',
  imports: [MatButton, MatIcon],
  templateUrl: './market-controls.html',
  styleUrl: './market-controls.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class MarketControls {
  private readonly dialog = inject(MatDialog);
  private readonly feed = inject(PriceFeed);
  private readonly market = inject(Market);
  private readonly user = inject(Session).user;

  protected readonly state = this.market.state;
  protected readonly frozen = this.market.frozen;
  protected readonly pace = this.feed.pace;
  protected readonly paces = PACES;
  protected readonly isAdmin = computed(() => this.user()?.roles.includes('admin') ?? false);
  /** What was asked for and has not been answered. */
  protected readonly telling = signal<MarketCommand | null>(null);
  protected readonly problem = signal('');

  protected paceWords(pace: number): string {
    return pace === 0 ? 'Every tick' : `${pace} a second`;
  }

  protected choosePace(event: Event): void {
    this.feed.choosePace(Number((event.target as HTMLSelectElement).value));
  }

  protected toggleFreeze(): void {
    if (this.frozen()) this.market.resume();
    else this.market.freeze();
  }

  protected openMarket(): Promise<void> {
    return this.tell('Open');
  }

  protected closeMarket(): Promise<void> {
    return this.tell('Close');
  }

  protected async reset(): Promise<void> {
    const opened = this.dialog.open<ConfirmReset, never, boolean>(ConfirmReset, {
      width: '27rem',
      maxWidth: 'calc(100vw - 2rem)',
    });
    if (await firstValueFrom(opened.afterClosed())) await this.tell('Reset');
  }

  protected showAudit(): void {
    this.dialog.open(AuditLog, { width: '34rem', maxWidth: 'calc(100vw - 1rem)' });
  }

  protected dismiss(): void {
    this.problem.set('');
  }

  private async tell(command: MarketCommand): Promise<void> {
    this.problem.set('');
    this.telling.set(command);
    try {
      await this.market.tell(command);
    } catch (error) {
      this.problem.set(toFault(error).message);
    } finally {
      this.telling.set(null);
    }
  }
}
