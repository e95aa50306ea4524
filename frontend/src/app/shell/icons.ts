import { EnvironmentProviders, inject, provideEnvironmentInitializer } from '@angular/core';
import { MatIconRegistry } from '@angular/material/icon';
import { DomSanitizer } from '@angular/platform-browser';
import addSvg from '@material-symbols/svg-500/rounded/add.svg';
import arrowBackSvg from '@material-symbols/svg-500/rounded/arrow_back.svg';
import arrowDownSvg from '@material-symbols/svg-500/rounded/arrow_downward.svg';
import arrowRightSvg from '@material-symbols/svg-500/rounded/arrow_forward.svg';
import arrowUpSvg from '@material-symbols/svg-500/rounded/arrow_upward.svg';
import boltSvg from '@material-symbols/svg-500/rounded/bolt.svg';
import chatSvg from '@material-symbols/svg-500/rounded/forum.svg';
import checkSvg from '@material-symbols/svg-500/rounded/check.svg';
import checkCircleSvg from '@material-symbols/svg-500/rounded/check_circle.svg';
import clockSvg from '@material-symbols/svg-500/rounded/schedule.svg';
import closeSvg from '@material-symbols/svg-500/rounded/close.svg';
import cloudOffSvg from '@material-symbols/svg-500/rounded/cloud_off.svg';
import compassSvg from '@material-symbols/svg-500/rounded/explore.svg';
import contrastSvg from '@material-symbols/svg-500/rounded/contrast.svg';
import darkSvg from '@material-symbols/svg-500/rounded/dark_mode.svg';
import deleteSvg from '@material-symbols/svg-500/rounded/delete.svg';
import editSvg from '@material-symbols/svg-500/rounded/edit.svg';
import errorSvg from '@material-symbols/svg-500/rounded/error.svg';
import groupSvg from '@material-symbols/svg-500/rounded/group.svg';
import hiddenSvg from '@material-symbols/svg-500/rounded/visibility_off.svg';
import hubSvg from '@material-symbols/svg-500/rounded/hub.svg';
import keyboardSvg from '@material-symbols/svg-500/rounded/keyboard.svg';
import leaveSvg from '@material-symbols/svg-500/rounded/logout.svg';
import lightSvg from '@material-symbols/svg-500/rounded/light_mode.svg';
import lockSvg from '@material-symbols/svg-500/rounded/lock.svg';
import moreSvg from '@material-symbols/svg-500/rounded/more_vert.svg';
import personAddSvg from '@material-symbols/svg-500/rounded/person_add.svg';
import quizSvg from '@material-symbols/svg-500/rounded/quiz.svg';
import refreshSvg from '@material-symbols/svg-500/rounded/refresh.svg';
import searchSvg from '@material-symbols/svg-500/rounded/search.svg';
import sendSvg from '@material-symbols/svg-500/rounded/send.svg';
import serverSvg from '@material-symbols/svg-500/rounded/dns.svg';
import stocksSvg from '@material-symbols/svg-500/rounded/monitoring.svg';
import syncSvg from '@material-symbols/svg-500/rounded/sync.svg';
import tagSvg from '@material-symbols/svg-500/rounded/tag.svg';
import visibleSvg from '@material-symbols/svg-500/rounded/visibility.svg';

/** Icons by what they stand for in Hubbub. Only these are bundled; what one part alone shows it brings itself. */
const ICONS: Record<string, string> = {
  add: addSvg,
  'arrow-back': arrowBackSvg,
  'arrow-down': arrowDownSvg,
  'arrow-right': arrowRightSvg,
  'arrow-up': arrowUpSvg,
  bolt: boltSvg,
  chat: chatSvg,
  check: checkSvg,
  'check-circle': checkCircleSvg,
  clock: clockSvg,
  close: closeSvg,
  'cloud-off': cloudOffSvg,
  compass: compassSvg,
  contrast: contrastSvg,
  dark: darkSvg,
  delete: deleteSvg,
  edit: editSvg,
  error: errorSvg,
  group: groupSvg,
  hidden: hiddenSvg,
  hub: hubSvg,
  keyboard: keyboardSvg,
  leave: leaveSvg,
  light: lightSvg,
  lock: lockSvg,
  more: moreSvg,
  'person-add': personAddSvg,
  quiz: quizSvg,
  refresh: refreshSvg,
  search: searchSvg,
  send: sendSvg,
  server: serverSvg,
  stocks: stocksSvg,
  sync: syncSvg,
  tag: tagSvg,
  visible: visibleSvg,
};

/** Makes `<mat-icon svgIcon="…">` know icons, Hubbub's own unless told. They are part of the bundle, so they may be trusted. */
export function provideIcons(icons: Readonly<Record<string, string>> = ICONS): EnvironmentProviders {
  return provideEnvironmentInitializer(() => {
    const registry = inject(MatIconRegistry);
    const sanitizer = inject(DomSanitizer);
    for (const [name, svg] of Object.entries(icons)) {
      registry.addSvgIconLiteral(name, sanitizer.bypassSecurityTrustHtml(svg));
    }
  });
}
