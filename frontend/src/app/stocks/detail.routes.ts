import { Routes } from '@angular/router';

import { provideCharts } from '../charts/provide-charts';
import { StockDetail } from './stock-detail';

export const DETAIL_ROUTES: Routes = [
  {
    path: '',
    component: StockDetail,
    providers: [provideCharts()],
  },
];
