import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';

import { Session } from '../accounts/session';
import { isAdmin } from './roles';

interface Part {
  readonly path: string;
  readonly label: string;
  readonly icon: string;
}

const PARTS: readonly Part[] = [
  { path: '/quiz', label: 'Play', icon: 'quiz' },
  { path: '/quiz/statistics', label: 'Statistics', icon: 'chart' },
];

const QUESTIONS: Part = { path: '/quiz/admin', label: 'Questions', icon: 'questions' };

/** The quiz's pages with the way from one to another. The category that was chosen goes along. */
@Component({
  selector: 'app-quiz-page',
  imports: [MatButton, MatIcon, RouterLink, RouterLinkActive, RouterOutlet],
  template: `
    <nav aria-label="Parts of the quiz">
      @for (part of parts(); track part.path) {
        <a
          matButton
          [routerLink]="part.path"
          queryParamsHandling="merge"
          routerLinkActive="active"
          [routerLinkActiveOptions]="exact"
          ariaCurrentWhenActive="page"
        >
          <mat-icon [svgIcon]="part.icon" aria-hidden="true" />
          {{ part.label }}
        </a>
      }
    </nav>
    <div class="page"><router-outlet /></div>
  `,
  styleUrl: './quiz-page.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class QuizPage {
  private readonly user = inject(Session).user;

  protected readonly parts = computed(() => (isAdmin(this.user()) ? [...PARTS, QUESTIONS] : PARTS));
  protected readonly exact = {
    paths: 'exact',
    queryParams: 'ignored',
    fragment: 'ignored',
    matrixParams: 'ignored',
  } as const;
}
