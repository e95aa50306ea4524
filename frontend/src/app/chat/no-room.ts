import { ChangeDetectionStrategy, Component } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';

/** A room that does not exist, or that the person may not see: which of the two is not told. */
@Component({
  selector: 'app-no-room',
  imports: [MatButton, MatIcon, RouterLink],
  template: `
    <mat-icon svgIcon="lock" aria-hidden="true" />
    <h1>There is no such room for you</h1>
    <p>It may not exist, or it is private and nobody let you in yet. Ask a member to add you.</p>
    <a matButton="tonal" routerLink="/chat">Back to the rooms</a>
  `,
  styleUrl: '../shell/blank.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class NoRoom {}
