import { inject } from '@angular/core';
import { Routes } from '@angular/router';

import { Session } from '../accounts/session';
import { AdminsOnly } from './admins-only';
import { PlayPage } from './play-page';
import { provideQuizIcons } from './quiz-icons';
import { QuizPage } from './quiz-page';
import { isAdmin } from './roles';

export const QUIZ_ROUTES: Routes = [
  {
    path: '',
    component: QuizPage,
    providers: [provideQuizIcons()],
    children: [
      { path: '', pathMatch: 'full', component: PlayPage, title: 'Quiz' },
      {
        path: 'statistics',
        title: 'Quiz statistics',
        loadChildren: () => import('./statistics.routes').then((file) => file.STATISTICS_ROUTES),
      },
      {
        path: 'admin',
        title: 'Quiz questions',
        canMatch: [admins],
        loadComponent: () => import('./admin/questions-page').then((file) => file.QuestionsPage),
      },
      { path: 'admin', component: AdminsOnly, title: 'Quiz questions' },
    ],
  },
];

/** Who somebody is may have to be found out first: routes are matched before anybody asks for a session. */
async function admins(): Promise<boolean> {
  const session = inject(Session);
  await session.start();
  return isAdmin(session.user());
}
