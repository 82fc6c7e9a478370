/** Rows a minute for requests whose sender nobody knows: whoever sends them must not fill the audit. */
const ROWS_A_MINUTE = 30;

/** Counts refusals of requests without an identified caller, and says which of them get a row. */
export class Sampling {
  readonly #now: () => number;
  readonly #counts = new Map<number, number>();
  #minute = 0;
  #rows = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** By HTTP's status. */
  get counts(): ReadonlyMap<number, number> {
    return this.#counts;
  }

  /** Counts one more. @returns whether it gets a row */
  takes(status: number): boolean {
    this.#counts.set(status, (this.#counts.get(status) ?? 0) + 1);
    const minute = Math.floor(this.#now() / 60_000);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#rows = 0;
    }
    this.#rows += 1;
    return this.#rows <= ROWS_A_MINUTE;
  }
}
