import { Problem } from './problem.ts';

/** What can connect the replicas, the default first. */
export const backplanes = ['postgres', 'redis', 'microsoft', 'azure', 'none'] as const;

export type Backplane = (typeof backplanes)[number];

/** A server that the launcher starts for the replicas. */
export type Store = 'postgres' | 'redis';

/** Whether replicas find each other through a Redis server. */
export function needsRedis(backplane: Backplane): boolean {
  return backplane === 'redis' || backplane === 'microsoft';
}

/** Whether what is sent may be lost on the way to another replica. */
export function mayLose(backplane: Backplane): boolean {
  return backplane !== 'postgres' && backplane !== 'redis';
}

/** Reads a name in any letter case. Throws a {@link Problem} that lists the names. */
export function parseBackplane(text: string): Backplane {
  const found = backplanes.find((name) => name === text.toLowerCase());
  if (!found) throw new Problem(`--backplane takes ${inWords(backplanes)}, not "${text}".`);
  return found;
}

/** Names as a sentence has them: "a, b or c". */
export function inWords(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
