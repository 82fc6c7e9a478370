export interface Memory {
  readonly ms: number;
  /** 10 000 where not given. */
  readonly max?: number;
  /** ms since 1970 */
  readonly now: () => number;
  /** What an answer holds for; where not given, time alone ends it. */
  readonly state?: () => unknown;
}

/** A function that remembers what it gave. */
export interface Remembering<T> {
  (key: string): Promise<T>;
  /** Asks anew the next time. */
  forget(key: string): void;
}

const MAX = 10_000;

/**
 * Remembers what an asynchronous function gave for a key, for a while: at most `ms` after it was asked for, as long as
 * `state` is the same, and at most `max` keys. Who asks while it is being asked gets the same answer. What fails is not
 * remembered.
 */
export function remembered<T>(
  make: (key: string) => Promise<T>,
  { ms, max = MAX, now, state = () => undefined }: Memory,
): Remembering<T> {
  const known = new Map<string, { readonly since: number; readonly state: unknown; readonly value: Promise<T> }>();
  const ask = (key: string): Promise<T> => {
    const found = known.get(key);
    const time = now();
    const at = state();
    // a clock that was set back must not make an answer last
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
  return Object.assign(ask, { forget: (key: string) => void known.delete(key) });
}
