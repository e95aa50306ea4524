import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { MatDialogModule } from '@angular/material/dialog';

import { problemOf } from '../accounts/problem';
import { exactTimeOf } from '../chat/times';
import { StockTickerHub } from '../realtime/stock-ticker-hub';
import { MarketCommand } from '../realtime/stock-ticker-hub.contract';
import { wholeText } from './numbers';
import { AuditLine, StocksApi } from './stocks-api';

const DID: Record<MarketCommand, string> = {
  Open: 'opened the market',
  Close: 'closed the market',
  Reset: 'began a new day',
};

/** Who did what to the market, the latest first. It follows while it is open. */
@Component({
  selector: 'app-audit-log',
  imports: [MatButton, MatDialogModule],
  template: `
    <h2 mat-dialog-title>Audit</h2>
    <mat-dialog-content>
      @if (problem()) {
        <p role="alert">{{ problem() }}</p>
        <button matButton="tonal" type="button" (click)="load()">Try again</button>
      } @else if (lines(); as lines) {
        <ol>
          @for (line of lines; track line.at + line.command) {
            <li>
              <p>
                <strong>{{ line.by }}</strong> {{ did[line.command] }}
              </p>
              <p class="about">
                {{ exact(line.at) }} · through {{ line.replica }} · after tick {{ whole(line.sequence) }}
              </p>
            </li>
          } @empty {
            <li>Nobody has done anything yet.</li>
          }
        </ol>
      } @else {
        <p role="status">Loading…</p>
      }
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton type="button" mat-dialog-close>Close</button>
    </mat-dialog-actions>
  `,
  styles: `
    ol {
      display: grid;
      gap: 0.75rem;
      margin: 0;
      padding: 0;
      list-style: none;
    }

    li {
      color: var(--mat-sys-on-surface);
      overflow-wrap: anywhere;
    }

    .about {
      color: var(--mat-sys-on-surface-variant);
      font: var(--mat-sys-body-medium);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class AuditLog {
  private readonly api = inject(StocksApi);

  protected readonly lines = signal<readonly AuditLine[] | null>(null);
  protected readonly problem = signal('');
  protected readonly did = DID;
  protected readonly whole = wholeText;
  protected readonly exact = (at: string) => exactTimeOf(Date.parse(at));

  constructor() {
    void this.load();
    inject(StockTickerHub)
      .marketChanged.pipe(takeUntilDestroyed())
      .subscribe(() => void this.load());
  }

  protected async load(): Promise<void> {
    this.problem.set('');
    try {
      this.lines.set(await this.api.audit());
    } catch (error) {
      this.problem.set(problemOf(error).sentence);
    }
  }
}
