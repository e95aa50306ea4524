import { Provider } from '@angular/core';
import { provideNoopAnimations } from '@angular/platform-browser/animations';

/**
 * What ngx-charts needs: its templates name Angular animations, which cannot be rendered without a provider, though its charts move without
 * them. Provided with the routes that show charts, so that no other page loads any of it.
 */
export function provideCharts(): Provider[] {
  return provideNoopAnimations();
}
