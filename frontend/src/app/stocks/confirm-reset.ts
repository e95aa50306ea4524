import { ChangeDetectionStrategy, Component } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialogModule } from '@angular/material/dialog';

/** Asks before a day is thrown away. */
@Component({
  selector: 'app-confirm-reset',
  imports: [MatButton, MatDialogModule],
  template: `
    <h2 mat-dialog-title>Begin a new day?</h2>
    <mat-dialog-content>
      Every price goes back to the first one, for everybody who looks at the board, and today’s highs and lows are gone.
      The tick numbers go on, and the audit says that it was you.
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton type="button" [mat-dialog-close]="false">Keep the day</button>
      <button matButton="filled" type="button" [mat-dialog-close]="true">Reset the market</button>
    </mat-dialog-actions>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ConfirmReset {}
