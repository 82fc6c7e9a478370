/** What verify found: something that was changed, is missing, or does not belong there. */
export interface Finding {
  readonly fault:
    | 'changed row'
    | 'missing row'
    | 'inserted row'
    | 'broken link'
    | 'missing link'
    | 'missing chain'
    | 'cut chain'
    | 'changed agent'
    | 'missing agent'
    | 'version without row';
  /** Where, in words: a chain, a link, a row. Never who or what a row tells of. */
  readonly place: string;
}

/** What verify counted. */
export interface Counts {
  chains: number;
  links: number;
  rows: number;
  /** Rows that the processes at work have not sealed yet. */
  pending: number;
  /** Rows of processes that were killed: the next start seals them. */
  left: number;
  versions: number;
}

/** Findings beyond are counted only. */
const TOLD_MAX = 1000;

export class Findings {
  readonly told: Finding[] = [];
  count = 0;

  add(fault: Finding['fault'], place: string): void {
    this.count += 1;
    if (this.told.length < TOLD_MAX) {
      this.told.push({ fault, place });
    }
  }
}
