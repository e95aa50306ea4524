import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule } from '@angular/material/dialog';

import { StoredQuestion } from './questions-api';

@Component({
  selector: 'app-confirm-retire',
  imports: [MatButton, MatDialogModule],
  template: `
    <h2 mat-dialog-title>Retire this question?</h2>
    <mat-dialog-content>
      <p>“{{ question.title }}”</p>
      <p>It is asked no more. Its {{ question.answers === 1 ? 'answer stays' : 'answers stay' }} in the statistics.</p>
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton type="button" [mat-dialog-close]="false">Keep it</button>
      <button matButton="filled" type="button" [mat-dialog-close]="true">Retire question</button>
    </mat-dialog-actions>
  `,
  styles: `
    p {
      overflow-wrap: anywhere;
    }

    p + p {
      margin-top: 0.75rem;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ConfirmRetire {
  protected readonly question = inject<{ question: StoredQuestion }>(MAT_DIALOG_DATA).question;
}
