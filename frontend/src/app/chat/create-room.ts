import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { FormField, FormRoot, TreeValidationResult, form, required, validate } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { MatSlideToggle } from '@angular/material/slide-toggle';
import { Router } from '@angular/router';

import { atMost } from '../accounts/at-most';
import { FormProblem } from '../accounts/form-problem';
import { problemOf } from '../accounts/problem';
import { newId } from '../realtime/new-id';
import { Rooms } from './rooms';

@Component({
  selector: 'app-create-room',
  imports: [FormField, FormProblem, FormRoot, MatButton, MatDialogModule, MatFormFieldModule, MatInput, MatSlideToggle],
  templateUrl: './create-room.html',
  styleUrl: './dialog-form.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class CreateRoom {
  private readonly dialog = inject<MatDialogRef<CreateRoom>>(MatDialogRef);
  private readonly rooms = inject(Rooms);
  private readonly router = inject(Router);
  private readonly data = inject<{ name: string }>(MAT_DIALOG_DATA);

  private clientRoomId = newId();

  protected readonly problem = signal<string | null>(null);
  protected readonly model = signal({ name: this.data.name, isPrivate: false });
  protected readonly form = form(
    this.model,
    (path) => {
      required(path.name, { message: 'Give the room a name.' });
      validate(path.name, ({ value }) =>
        value() !== '' && value().trim() === '' ? { kind: 'blank', message: 'Give the room a name.' } : undefined,
      );
      atMost(path.name, 60, 'A name has at most 60 characters.');
    },
    { submission: { action: () => this.create() } },
  );

  private async create(): Promise<TreeValidationResult> {
    this.problem.set(null);
    const { name, isPrivate } = this.model();
    try {
      const room = await this.rooms.create(name.trim(), isPrivate, this.clientRoomId);
      this.dialog.close();
      await this.router.navigate(['/chat', room.id]);
      return undefined;
    } catch (error) {
      const problem = problemOf(error);
      // An answer ends this attempt; without one, the next try is the same attempt.
      if (problem.status !== 0) this.clientRoomId = newId();
      const taken =
        problem.status === 409 && problem.code !== 'too_many_rooms'
          ? [`There is a room called “${name.trim()}” already.`]
          : [];
      const sentences = problem.fields['name'] ?? taken;
      if (sentences.length === 0) this.problem.set(problem.sentence);
      return sentences.map((message) => ({ kind: 'server', message, fieldTree: this.form.name }));
    }
  }
}
