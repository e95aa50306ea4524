import { Routes } from '@angular/router';
import { provideNoopAnimations } from '@angular/platform-browser/animations';

import { StockDetail } from './stock-detail';

export const DETAIL_ROUTES: Routes = [
  {
    path: '',
    component: StockDetail,
    // The templates of ngx-charts name Angular's animations and cannot be rendered without a provider. They move without them.
    providers: [provideNoopAnimations()],
  },
];
