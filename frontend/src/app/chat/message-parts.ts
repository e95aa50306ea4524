/** A piece of a message's text. Pieces are put into the page as text and as link targets, never as markup. */
export type MessagePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string };

const ADDRESS = /\bhttps?:\/\/[^\s<>"“”«»]+/giu;

/** Splits a text into plain pieces and web addresses. What ends a sentence does not belong to the address before it. */
export function messageParts(text: string): readonly MessagePart[] {
  const parts: MessagePart[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = withoutSentenceEnd(match[0]);
    const href = safeHref(address);
    if (!href) continue;
    if (match.index > end) parts.push({ kind: 'text', text: text.slice(end, match.index) });
    parts.push({ kind: 'link', text: address, href });
    end = match.index + address.length;
  }
  if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) });
  return parts;
}

/** The most emoji that are still shown large. */
const MOST_LARGE = 6;

const EMOJI =
  /^(?:\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3|\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\uFE0F)?(?:\u200D\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\uFE0F)?)*)$/u;

/** Whether a text is nothing but a few emoji. */
export function isEmojiOnly(text: string): boolean {
  const shown = [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text.slice(0, 200))]
    .map(({ segment }) => segment)
    .filter((segment) => segment.trim() !== '');
  return shown.length > 0 && shown.length <= MOST_LARGE && shown.every((segment) => EMOJI.test(segment));
}

function withoutSentenceEnd(address: string): string {
  let result = address;
  for (;;) {
    const last = result.at(-1)!;
    const closes = last === ')' && count(result, ')') > count(result, '(');
    if (!closes && !/[.,;:!?'’…\]}*_~]/u.test(last)) return result;
    result = result.slice(0, -1);
  }
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

function safeHref(address: string): string | null {
  try {
    const url = new URL(address);
    return url.hostname && (url.protocol === 'http:' || url.protocol === 'https:') ? url.href : null;
  } catch {
    return null;
  }
}
