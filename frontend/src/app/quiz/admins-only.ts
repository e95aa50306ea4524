import { ChangeDetectionStrategy, Component } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';

/** What those see who may not change the questions. */
@Component({
  selector: 'app-admins-only',
  imports: [MatButton, MatIcon, RouterLink],
  template: `
    <mat-icon svgIcon="lock" aria-hidden="true" />
    <h1>Questions are kept by administrators</h1>
    <p>Your account may play and see the results. To change questions, sign in as an administrator.</p>
    <a matButton="tonal" routerLink="/quiz">Play instead</a>
  `,
  styleUrl: '../shell/blank.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class AdminsOnly {}
