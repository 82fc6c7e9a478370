/** The names most like a misspelt one, best first, at most three: told in refusals. */
export function nearNames(name: string, names: readonly string[]): readonly string[] {
  const wanted = name.toLowerCase();
  const distanceMax = Math.min(4, Math.max(2, Math.floor(wanted.length / 4)));
  return (
    names
      // Lengths that differ more are further apart than that: nonsense costs next to nothing.
      .filter((candidate) => Math.abs(candidate.length - wanted.length) <= distanceMax)
      .map((candidate) => ({ candidate, distance: distance(wanted, candidate.toLowerCase()) }))
      .filter(({ distance }) => distance <= distanceMax)
      .sort((a, b) => a.distance - b.distance || a.candidate.localeCompare(b.candidate, 'en'))
      .slice(0, 3)
      .map(({ candidate }) => candidate)
  );
}

/** Levenshtein's distance: insertions, removals and changes of single characters. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      current.push(Math.min(previous[j]! + 1, current[j - 1]! + 1, previous[j - 1]! + change));
    }
    previous = current;
  }
  return previous[b.length]!;
}
