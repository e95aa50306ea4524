import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { FormField, FormRoot, TreeValidationResult, form, required } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { MatSnackBar } from '@angular/material/snack-bar';

import { FormProblem } from '../accounts/form-problem';
import { problemOf } from '../accounts/problem';
import { Room } from '../realtime/chat-hub.contract';
import { ChatApi } from './chat-api';

@Component({
  selector: 'app-add-person',
  imports: [FormField, FormProblem, FormRoot, MatButton, MatDialogModule, MatFormFieldModule, MatInput],
  templateUrl: './add-person.html',
  styleUrl: './dialog-form.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class AddPerson {
  private readonly api = inject(ChatApi);
  private readonly dialog = inject<MatDialogRef<AddPerson>>(MatDialogRef);
  private readonly snackBar = inject(MatSnackBar);

  protected readonly room = inject<{ room: Room }>(MAT_DIALOG_DATA).room;
  protected readonly problem = signal<string | null>(null);
  protected readonly model = signal({ userName: '' });
  protected readonly form = form(
    this.model,
    (path) => required(path.userName, { message: 'Type the user name of the person to let in.' }),
    { submission: { action: () => this.add() } },
  );

  private async add(): Promise<TreeValidationResult> {
    this.problem.set(null);
    const userName = this.model().userName.trim();
    try {
      await this.api.addMember(this.room.id, userName);
      this.dialog.close();
      this.snackBar.open(`${userName} is in “${this.room.name}” now.`, undefined, { duration: 5_000 });
      return undefined;
    } catch (error) {
      const problem = problemOf(error);
      const unknown =
        problem.status === 404 && problem.code !== 'room_not_found' ? [`Nobody is called “${userName}”.`] : [];
      const sentences = problem.fields['userName'] ?? unknown;
      if (sentences.length === 0) this.problem.set(problem.sentence);
      return sentences.map((message) => ({ kind: 'server', message, fieldTree: this.form.userName }));
    }
  }
}
