export interface Memory {
  readonly ms: number;
  readonly max: number;
  /** ms since 1970 */
  readonly now: () => number;
  readonly state: () => unknown;
}

/**
 * Remembers what an asynchronous function gave for a key, for a while: at most `ms` after it was asked for, as long as
 * `state` is the same, and at most `max` keys. What fails is not remembered.
 */
export function remembered<T>(
  make: (key: string) => Promise<T>,
  { ms, max, now, state }: Memory,
): (key: string) => Promise<T> {
  const known = new Map<string, { readonly since: number; readonly state: unknown; readonly value: Promise<T> }>();
  return (key) => {
    const found = known.get(key);
    const time = now();
    const at = state();
    if (found !== undefined && time - found.since < ms && time >= found.since && found.state === at) {
      return found.value;
    }
    const value = make(key);
    known.delete(key);
    known.set(key, { since: time, state: at, value });
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
