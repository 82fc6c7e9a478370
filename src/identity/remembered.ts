/**
 * Remembers what an asynchronous function gave for a key, for a while: at most `ms` after it was asked for, and at most
 * `max` keys. What fails is not remembered.
 */
export function remembered<T>(
  make: (key: string) => Promise<T>,
  { ms, max, now }: { readonly ms: number; readonly max: number; readonly now: () => number },
): (key: string) => Promise<T> {
  const known = new Map<string, { readonly since: number; readonly value: Promise<T> }>();
  return (key) => {
    const found = known.get(key);
    const time = now();
    if (found !== undefined && time - found.since < ms && time >= found.since) {
      return found.value;
    }
    const value = make(key);
    known.delete(key);
    known.set(key, { since: time, value });
    value.catch(() => {
      if (known.get(key)?.value === value) known.delete(key);
    });
    for (const oldest of known.keys()) {
      if (known.size <= max) break;
      known.delete(oldest);
    }
    return value;
  };
}
