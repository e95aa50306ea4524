import { ChangeDetectionStrategy, Component, effect, inject, input, signal } from '@angular/core';
import { FormField, FormRoot, TreeValidationResult, form } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { MatProgressSpinner } from '@angular/material/progress-spinner';
import { Router, RouterLink } from '@angular/router';

import { newAccountRules } from './account-rules';
import { Entrance } from './entrance';
import { FormProblem } from './form-problem';
import { safeReturnUrl } from './guards';
import { PasswordField } from './password-field';
import { Problem, problemOf } from './problem';
import { Session } from './session';
import { Credentials } from './user';

@Component({
  selector: 'app-register',
  imports: [
    Entrance,
    FormField,
    FormProblem,
    FormRoot,
    MatButton,
    MatFormFieldModule,
    MatInput,
    MatProgressSpinner,
    PasswordField,
    RouterLink,
  ],
  templateUrl: './register.html',
  styleUrl: './account-form.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Register {
  private readonly session = inject(Session);
  private readonly router = inject(Router);

  /** Where to go afterwards, from the address. */
  readonly returnUrl = input<string>();

  protected readonly problem = signal<string | null>(null);
  protected readonly credentials = signal<Credentials>({ userName: '', password: '' });
  protected readonly form = form(this.credentials, newAccountRules, { submission: { action: () => this.register() } });

  constructor() {
    effect(() => {
      if (this.session.signedIn()) void this.router.navigateByUrl(safeReturnUrl(this.returnUrl() ?? null));
    });
  }

  private async register(): Promise<TreeValidationResult> {
    this.problem.set(null);
    try {
      await this.session.register(this.credentials());
      return undefined;
    } catch (error) {
      return this.show(problemOf(error));
    }
  }

  /** Puts each sentence at the field it is about, and what is about none above the form. */
  private show(problem: Problem): TreeValidationResult {
    const atField = (field: keyof Credentials, sentences: readonly string[] = []) =>
      sentences.map((message) => ({ kind: 'server', message, fieldTree: this.form[field] }));
    const taken = problem.status === 409 ? [`“${this.credentials().userName}” is taken. Try another name.`] : [];
    const errors = [
      ...atField('userName', problem.fields['userName'] ?? taken),
      ...atField('password', problem.fields['password']),
    ];
    if (errors.length === 0) this.problem.set(problem.sentence);
    return errors;
  }
}
