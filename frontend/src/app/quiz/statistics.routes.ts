import { Routes } from '@angular/router';

import { provideCharts } from '../charts/provide-charts';
import { StatisticsPage } from './statistics-page';

export const STATISTICS_ROUTES: Routes = [{ path: '', component: StatisticsPage, providers: [provideCharts()] }];
