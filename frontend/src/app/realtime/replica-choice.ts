export interface Choice {
  /** Origins of the replicas believed to be alive. */
  readonly known: readonly string[];
  /** The origin in use, or the page's own at first. */
  readonly current: string;
  /** The origin a person asked for, if it is known. */
  readonly preferred: string | null;
  /** Origins that failed a moment ago: still tried, but later. */
  readonly suspects: readonly string[];
  /** Origins that were alive lately and may be again: tried when all others have been. */
  readonly spare: readonly string[];
}

/**
 * The order in which replicas are tried: the one asked for, the one in use, then the others shuffled, so that the clients of a
 * dead replica spread over the rest; whatever failed a moment ago comes last, because it may be back. Nobody who was alive
 * lately is given up: a list can be out of date just when it matters.
 */
export function candidates(choice: Choice, random: () => number = Math.random): string[] {
  const others = shuffle(
    choice.known.filter((url) => url !== choice.current),
    random,
  );
  const order = [...(choice.preferred ? [choice.preferred] : []), choice.current, ...others];
  return unique([
    ...order.filter((url) => !choice.suspects.includes(url)),
    ...order.filter((url) => choice.suspects.includes(url)),
    ...shuffle(choice.spare, random),
  ]);
}

function shuffle(urls: readonly string[], random: () => number): string[] {
  const result = [...urls];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}

function unique(urls: readonly string[]): string[] {
  return [...new Set(urls)];
}
