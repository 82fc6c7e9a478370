const ENTRIES_MAX = 10_000;

/** Answers of the database, remembered for a short time; concurrent questions are asked once. */
export class Remembered<T> {
  readonly #entries = new Map<string, { readonly until: number; readonly value: Promise<T> }>();
  readonly #staleMs: number;
  readonly #now: () => number;

  /** @param staleMs how old an answer may be @param now ms since 1970 */
  constructor(staleMs: number, now: () => number) {
    this.#staleMs = staleMs;
    this.#now = now;
  }

  get(key: string, ask: () => Promise<T>): Promise<T> {
    const now = this.#now();
    const known = this.#entries.get(key);
    // a clock that was set back must not make an answer last
    if (known !== undefined && known.until > now && known.until <= now + this.#staleMs) return known.value;
    if (this.#entries.size >= ENTRIES_MAX) this.#entries.clear();
    const value = ask();
    this.#entries.set(key, { until: now + this.#staleMs, value });
    value.catch(() => this.#entries.delete(key));
    return value;
  }

  forget(key: string): void {
    this.#entries.delete(key);
  }
}
