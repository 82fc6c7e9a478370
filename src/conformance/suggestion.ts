const DISTANCE_MAX = 2;
const LENGTH_MAX = 64;

/** The name that a mistyped one was probably meant to be: at most two letters away, or equal but for case. */
export function closest(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > LENGTH_MAX) {
    return undefined;
  }
  let best: string | undefined;
  let least = DISTANCE_MAX + 1;
  for (const candidate of candidates) {
    const away = candidate.toLowerCase() === name.toLowerCase() ? 0 : distance(name, candidate);
    // A short name is two letters away from anything.
    if (away < least && away < candidate.length / 2) {
      best = candidate;
      least = away;
    }
  }
  return best;
}

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
