/** Hues in degrees that stay apart from one another at the lightness that avatars have. */
const HUES = [15, 45, 75, 110, 145, 175, 205, 240, 270, 300, 330, 355];

/** The hue of a person or room, always the same one for the same seed. */
export function hueOf(seed: string): number {
  let hash = 2_166_136_261;
  for (const character of seed) hash = Math.imul(hash ^ character.codePointAt(0)!, 16_777_619);
  return HUES[(hash >>> 0) % HUES.length]!;
}

/** One or two letters: the first ones of the first and last part of a name. */
export function initialsOf(name: string): string {
  const parts = name.split(/[\s._-]+/u).filter((part) => part !== '');
  const first = [...(parts[0] ?? name)][0] ?? '?';
  const last = parts.length > 1 ? [...parts.at(-1)!][0]! : '';
  return (first + last).toLocaleUpperCase();
}
