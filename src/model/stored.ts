import type { Rid } from './rid.ts';

/** One version of a resource, as the store holds it. `content` is the complete JSON text, id and meta included. */
export interface StoredVersion {
  readonly rid: Rid;
  readonly type: string;
  readonly id: string;
  readonly version: number;
  /** ms since 1970 UTC */
  readonly updated: number;
  /** A deleted version has empty content. */
  readonly deleted: boolean;
  readonly content: string;
  /** The patient in whose compartment it is; absent for what is about no patient. */
  readonly patient?: Rid;
  /** What its access hangs on (see src/interactions/anchor.ts); absent for what belongs to no patient and no hospital. */
  readonly anchor?: Rid;
}
