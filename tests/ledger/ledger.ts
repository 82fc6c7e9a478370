/** The identifier system of the markers that tell which request wrote a version. */
export const MARKER = 'urn:ledger:marker';
/** The identifier system of what patches append. */
export const APPENDED = 'urn:ledger:appended';
/** The identifier system of conditional creates. */
export const KEY = 'urn:ledger:key';

/** A write that the server said was done. */
export interface Acknowledged {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly marker: string;
}

/** What clients asked for, and what they were told. */
export class Ledger {
  readonly acknowledged: Acknowledged[] = [];
  readonly deleted: { readonly type: string; readonly id: string }[] = [];
  /** Resources that a request was to write, by its marker: all of them or none. */
  readonly attempts = new Map<string, number>();
  /** Ids that were told for each key of a conditional create. */
  readonly conditional = new Map<string, Set<string>>();
  readonly appended: { readonly type: string; readonly id: string; readonly value: string }[] = [];
  /** Answers that must never be given. */
  readonly faults: string[] = [];
  /** By what was asked: how often it was acknowledged, refused, or left unanswered. */
  readonly counts = new Map<string, { acknowledged: number; refused: number; unanswered: number }>();
  #markers = 0;

  /** A marker for a request that writes so many resources. */
  marker(kind: string, resources: number): string {
    this.#markers += 1;
    const marker = `${kind}-${this.#markers}`;
    this.attempts.set(marker, resources);
    return marker;
  }

  count(kind: string, outcome: 'acknowledged' | 'refused' | 'unanswered'): void {
    const counts = this.counts.get(kind) ?? { acknowledged: 0, refused: 0, unanswered: 0 };
    counts[outcome] += 1;
    this.counts.set(kind, counts);
  }

  toString(): string {
    return [...this.counts]
      .map(([kind, c]) => `${kind}: ${c.acknowledged} acknowledged, ${c.refused} refused, ${c.unanswered} unanswered`)
      .join('\n');
  }
}
