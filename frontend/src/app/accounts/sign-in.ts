import { ChangeDetectionStrategy, Component, computed, effect, inject, input, signal } from '@angular/core';
import { FormField, FormRoot, TreeValidationResult, form } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { MatProgressSpinner } from '@angular/material/progress-spinner';
import { Router, RouterLink } from '@angular/router';

import { signInRules } from './account-rules';
import { Entrance } from './entrance';
import { FormProblem } from './form-problem';
import { safeReturnUrl } from './guards';
import { PasswordField } from './password-field';
import { problemOf } from './problem';
import { Session } from './session';
import { Credentials } from './user';

@Component({
  selector: 'app-sign-in',
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
  templateUrl: './sign-in.html',
  styleUrl: './account-form.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SignIn {
  private readonly session = inject(Session);
  private readonly router = inject(Router);

  /** Where to go afterwards, from the address. */
  readonly returnUrl = input<string>();

  protected readonly problem = signal<string | null>(null);
  protected readonly ended = computed(() => this.session.phase() === 'ended' && this.problem() === null);
  protected readonly credentials = signal<Credentials>({ userName: '', password: '' });
  protected readonly form = form(this.credentials, signInRules, { submission: { action: () => this.signIn() } });

  constructor() {
    // Also when it happened in another tab.
    effect(() => {
      if (this.session.signedIn()) void this.router.navigateByUrl(safeReturnUrl(this.returnUrl() ?? null));
    });
  }

  private async signIn(): Promise<TreeValidationResult> {
    this.problem.set(null);
    const { userName, password } = this.credentials();
    try {
      await this.session.signIn({ userName: userName.trim(), password });
    } catch (error) {
      const problem = problemOf(error);
      this.problem.set(problem.status === 401 ? 'That user name and password do not match.' : problem.sentence);
    }
    return undefined;
  }
}
