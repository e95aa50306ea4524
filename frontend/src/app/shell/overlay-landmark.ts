import { OverlayContainer } from '@angular/cdk/overlay';
import { Service } from '@angular/core';

/**
 * Where menus, dialogs and notices are put: outside of the page's header and main part, so it is a landmark of its own, which those who
 * go from landmark to landmark find.
 */
@Service()
export class OverlayLandmark extends OverlayContainer {
  protected override _createContainer(): void {
    super._createContainer();
    this._containerElement?.setAttribute('role', 'region');
    this._containerElement?.setAttribute('aria-label', 'Menus and notices');
  }
}
