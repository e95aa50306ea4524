import { EnvironmentProviders } from '@angular/core';
import boardSvg from '@material-symbols/svg-500/rounded/tv.svg';
import categorySvg from '@material-symbols/svg-500/rounded/category.svg';
import chartSvg from '@material-symbols/svg-500/rounded/insert_chart.svg';
import crossSvg from '@material-symbols/svg-500/rounded/cancel.svg';
import exitSvg from '@material-symbols/svg-500/rounded/fullscreen_exit.svg';
import exportSvg from '@material-symbols/svg-500/rounded/download.svg';
import fullScreenSvg from '@material-symbols/svg-500/rounded/fullscreen.svg';
import importSvg from '@material-symbols/svg-500/rounded/upload_file.svg';
import questionsSvg from '@material-symbols/svg-500/rounded/edit_note.svg';
import retireSvg from '@material-symbols/svg-500/rounded/archive.svg';
import streakSvg from '@material-symbols/svg-500/rounded/local_fire_department.svg';
import tableSvg from '@material-symbols/svg-500/rounded/table_chart.svg';
import whySvg from '@material-symbols/svg-500/rounded/lightbulb.svg';

import { provideIcons } from '../shell/icons';

/** Icons that only the quiz shows, so that nobody else loads them. */
export function provideQuizIcons(): EnvironmentProviders {
  return provideIcons({
    board: boardSvg,
    category: categorySvg,
    chart: chartSvg,
    cross: crossSvg,
    'exit-full-screen': exitSvg,
    export: exportSvg,
    'full-screen': fullScreenSvg,
    import: importSvg,
    questions: questionsSvg,
    retire: retireSvg,
    streak: streakSvg,
    table: tableSvg,
    why: whySvg,
  });
}
