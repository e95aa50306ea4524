import { Routes } from '@angular/router';

import { signedIn, signedOut } from './accounts/guards';

export const routes: Routes = [
  {
    path: 'sign-in',
    canActivate: [signedOut],
    title: 'Sign in',
    loadComponent: () => import('./accounts/sign-in').then((file) => file.SignIn),
  },
  {
    path: 'register',
    canActivate: [signedOut],
    title: 'Create an account',
    loadComponent: () => import('./accounts/register').then((file) => file.Register),
  },
  {
    // Outside of the shell: a projector shows nothing but the board.
    path: 'quiz/board',
    canActivate: [signedIn],
    loadChildren: () => import('./quiz/board.routes').then((file) => file.BOARD_ROUTES),
  },
  {
    path: '',
    canActivate: [signedIn],
    loadComponent: () => import('./shell/shell').then((file) => file.Shell),
    children: [
      { path: '', pathMatch: 'full', redirectTo: 'chat' },
      { path: 'chat', loadChildren: () => import('./chat/chat.routes').then((file) => file.CHAT_ROUTES) },
      { path: 'quiz', loadChildren: () => import('./quiz/quiz.routes').then((file) => file.QUIZ_ROUTES) },
      { path: 'stocks', loadChildren: () => import('./stocks/stocks.routes').then((file) => file.STOCK_ROUTES) },
    ],
  },
  {
    path: '**',
    title: 'Not found',
    loadComponent: () => import('./shell/not-found').then((file) => file.NotFound),
  },
];
