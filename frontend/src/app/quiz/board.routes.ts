import { Routes } from '@angular/router';

import { BoardPage } from './board-page';
import { provideCharts } from '../charts/provide-charts';
import { provideQuizIcons } from './quiz-icons';

export const BOARD_ROUTES: Routes = [
  { path: '', component: BoardPage, providers: [provideCharts(), provideQuizIcons()], title: 'Quiz board' },
];
