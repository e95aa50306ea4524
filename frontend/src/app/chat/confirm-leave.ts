import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule } from '@angular/material/dialog';

import { Room } from '../realtime/chat-hub.contract';

@Component({
  selector: 'app-confirm-leave',
  imports: [MatButton, MatDialogModule],
  template: `
    <h2 mat-dialog-title>Leave “{{ room.name }}”?</h2>
    <mat-dialog-content>
      @if (room.isPrivate) {
        It is private: to come back, a member has to let you in again.
      } @else {
        You can join again at any time; what is said meanwhile is kept.
      }
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton type="button" [mat-dialog-close]="false">Stay</button>
      <button matButton="filled" type="button" [mat-dialog-close]="true">Leave room</button>
    </mat-dialog-actions>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ConfirmLeave {
  protected readonly room = inject<{ room: Room }>(MAT_DIALOG_DATA).room;
}
