import type { StoredVersion } from '../../model/stored.ts';
import type { ResourceText } from '../types.ts';
import type { Slot } from './slots.ts';

/** An entry, with what it addresses as it is before the transaction. */
export interface Addressed {
  readonly slot: Slot;
  /** The current version, a tombstone too; for a conditional create the resource that exists already. */
  readonly previous: StoredVersion | undefined;
  /** What it writes; absent for GET and DELETE. */
  readonly body: ResourceText | undefined;
}
