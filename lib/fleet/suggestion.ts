/** With more candidates than this a near name is a coincidence, and the search for it is slow. */
const MAX_CANDIDATES = 200;
const MAX_LENGTH = 64;

/**
 * The candidate that a person most likely meant, or undefined when none is near. A near one differs only in case,
 * hyphens and underscores, or in at most a third of its letters (at least one, at most three).
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length > MAX_CANDIDATES || word.length > MAX_LENGTH) return undefined;
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const distance = editDistance(folded(word), folded(candidate));
    if (distance <= Math.min(3, Math.max(1, Math.floor(candidate.length / 3))) && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function folded(word: string): string {
  return word.toLowerCase().replace(/[-_ ]/g, '');
}

/** Levenshtein's distance: letters to add, drop or change. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const change = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
