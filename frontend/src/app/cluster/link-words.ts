import { BackplaneKind, LinkPhase, LinkState, Recovery } from '../realtime/link-state';

/** A connection's state as a person reads it: an icon, a few words, a tone. Never the colour alone. */
export interface LinkWords {
  readonly icon: string;
  readonly short: string;
  readonly tone: 'good' | 'wait' | 'bad';
}

const WORDS: Record<LinkPhase, LinkWords> = {
  idle: { icon: 'cloud-off', short: 'Not connected', tone: 'wait' },
  connecting: { icon: 'sync', short: 'Connecting', tone: 'wait' },
  connected: { icon: 'check-circle', short: 'Connected', tone: 'good' },
  reconnecting: { icon: 'sync', short: 'Reconnecting', tone: 'wait' },
  offline: { icon: 'cloud-off', short: 'Offline', tone: 'bad' },
};

export function wordsOf(state: LinkState): LinkWords {
  return WORDS[state.phase];
}

/** What a backplane does not do for the person, with a headline; null for one that loses nothing. */
export interface BackplaneWarning {
  readonly short: string;
  readonly meaning: string;
}

const WARNINGS: Record<BackplaneKind, BackplaneWarning | null> = {
  log: null,
  lossy: {
    short: 'This backplane may lose messages',
    meaning:
      'It keeps nothing. What is sent while it is interrupted may be missing here until another message comes or the page is loaded again.',
  },
  none: {
    short: 'The replicas are not connected',
    meaning:
      'People on another replica see what you do only when they load the page again, and you see what they do only then.',
  },
};

export function warningOf(backplane: BackplaneKind): BackplaneWarning | null {
  return WARNINGS[backplane];
}

/** What a recovery means to the person: where they are now, and whether anything was missed. */
export function recoverySentence({ from, to, missed, asked, took }: Recovery): string {
  const caught = awayWords(took, missed);
  if (asked && from.url !== to.url) return `You are on ${to.name} now.${caught}`;
  if (from.url === to.url) return `You are back on ${to.name}.${caught}`;
  return `${from.name} went away. You are on ${to.name} now.${caught}`;
}

/** How long it took is worth a word only when it was long enough to be noticed. */
function awayWords(took: number, missed: number | null): string {
  const away = took < 1_000 ? null : `away ${Math.round(took / 1_000)} s`;
  const parts = [away, missedWords(missed)].filter((part) => part !== null);
  if (parts.length === 0) return '';
  const [first = '', ...others] = parts;
  return ` ${first[0]!.toUpperCase()}${[first.slice(1), ...others].join(', ')}.`;
}

function missedWords(missed: number | null): string | null {
  if (missed === null) return null;
  if (missed === 0) return 'nothing missed';
  return `${missed} ${missed === 1 ? 'message' : 'messages'} caught up`;
}
