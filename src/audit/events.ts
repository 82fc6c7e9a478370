import type { Rid } from '../model/rid.ts';
import type { Asked } from '../model/witness.ts';
import type { PreparedWrite } from '../store/prepared-write.ts';
import type { Account } from './request-witness.ts';
import type { Seen } from './seen.ts';

/** What one row tells. */
export interface AuditedEvent {
  readonly asked: Asked;
  /** HTTP's */
  readonly status: number;
  readonly patient?: Rid;
  readonly seen?: readonly Seen[];
}

/** Refusals that are told by a row even where nothing of a patient is known. */
const REFUSALS = new Set([401, 403, 429]);
/**
 * What leaves a row though nobody is named: a search that finds nothing, or only counts, tells something of patients too,
 * and so may a resource that names none, such as a Binary.
 */
const READS = new Set([
  ...['read', 'vread', 'history-instance'],
  ...['search-type', 'search-system', 'history-type', 'history-system'],
]);

export function isRefusal(status: number): boolean {
  return REFUSALS.has(status);
}

/** A request that ended before it was understood. */
export function unexplained(status: number): Account {
  return { asked: undefined, status, patients: new Map() };
}

/**
 * The rows that a request leaves, one for each patient; none where it concerns no patient.
 * @param isAboutPatients whether resources of a type are about patients
 */
export function eventsOf(
  { asked, status, patients }: Account,
  isAboutPatients: (type: string) => boolean,
): readonly AuditedEvent[] {
  const what = whatOf(asked, patients.size > 0);
  const concerns = asked?.type === undefined || isAboutPatients(asked.type);
  if (status >= 400) {
    const isHidden = (status === 404 || status === 410) && asked?.type !== undefined && concerns;
    return isRefusal(status) || isHidden ? [{ asked: what, status }] : [];
  }
  if (patients.size === 0) {
    const tells = asked !== undefined && (READS.has(asked.interaction) || isOperationOn(asked));
    return tells && concerns ? [{ asked: what, status }] : [];
  }
  return [...patients].map(([patient, seen]) => ({ asked: what, status, patient, seen }));
}

/** A POST to the base: entries of a batch tell for themselves, so what is seen by it is seen by a transaction. */
function whatOf(asked: Asked | undefined, hasSeen: boolean): Asked {
  return asked?.interaction === 'batch' && hasSeen
    ? { interaction: 'transaction' }
    : (asked ?? { interaction: 'request' });
}

/** It may have done something to a patient without showing anything, such as to erase. */
function isOperationOn({ interaction, type }: Asked): boolean {
  return interaction === 'operation' && type !== undefined;
}

/**
 * The row of writes of one patient in one commit: one interaction, or a transaction of several.
 * @param asked the request that they came by, where there was one
 */
export function writeEvent(patient: Rid, writes: readonly PreparedWrite[], asked: Asked | undefined): AuditedEvent {
  const [first] = writes;
  if (first === undefined || writes.length > 1) {
    return { asked: { ...asked, interaction: 'transaction' }, status: 200, patient, seen: writes };
  }
  const { type, deleted, version } = first;
  const patches = asked?.interaction === 'patch' && asked.type === type;
  const interaction = deleted ? 'delete' : version === 1 ? 'create' : patches ? 'patch' : 'update';
  const operation = asked?.operation;
  return {
    asked: { interaction, type, ...(operation === undefined ? {} : { operation }) },
    status: deleted ? 204 : version === 1 ? 201 : 200,
    patient,
    seen: writes,
  };
}
