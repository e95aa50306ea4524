import { EnvironmentProviders } from '@angular/core';
import auditSvg from '@material-symbols/svg-500/rounded/history.svg';
import closedSvg from '@material-symbols/svg-500/rounded/bedtime.svg';
import freezeSvg from '@material-symbols/svg-500/rounded/ac_unit.svg';
import openSvg from '@material-symbols/svg-500/rounded/light_mode.svg';
import pauseSvg from '@material-symbols/svg-500/rounded/pause.svg';
import playSvg from '@material-symbols/svg-500/rounded/play_arrow.svg';
import resetSvg from '@material-symbols/svg-500/rounded/restart_alt.svg';
import starSvg from '@material-symbols/svg-500/rounded/star-fill.svg';
import starEmptySvg from '@material-symbols/svg-500/rounded/star.svg';
import warningSvg from '@material-symbols/svg-500/rounded/warning.svg';

import { provideIcons } from '../shell/icons';

/** Icons that only the board shows, so that nobody else loads them. */
export function provideStockIcons(): EnvironmentProviders {
  return provideIcons({
    audit: auditSvg,
    'market-closed': closedSvg,
    freeze: freezeSvg,
    'market-open': openSvg,
    pause: pauseSvg,
    play: playSvg,
    reset: resetSvg,
    star: starSvg,
    'star-empty': starEmptySvg,
    warning: warningSvg,
  });
}
