import { Routes } from '@angular/router';

import { provideStockIcons } from './stock-icons';
import { StocksPage } from './stocks-page';

export const STOCK_ROUTES: Routes = [
  {
    path: '',
    component: StocksPage,
    title: 'Stocks',
    providers: [provideStockIcons()],
    children: [
      // With the charts, which are large, and which the board does without.
      { path: ':symbol', loadChildren: () => import('./detail.routes').then((file) => file.DETAIL_ROUTES) },
    ],
  },
];
