/**
 * How the audit numbers what was done: FHIR's codes (http://hl7.org/fhir/restful-interaction), and `operation`. The
 * numbers are in stored rows and so never change.
 */
const NUMBERS: Readonly<Record<string, number>> = {
  read: 1,
  vread: 2,
  'history-instance': 3,
  'history-type': 4,
  'history-system': 5,
  'search-type': 6,
  'search-system': 7,
  create: 8,
  update: 9,
  patch: 10,
  delete: 11,
  transaction: 12,
  batch: 13,
  operation: 14,
  capabilities: 15,
  /** A request that was refused before it was understood. */
  request: 16,
};

const NAMES = new Map(Object.entries(NUMBERS).map(([name, number]) => [number, name]));

export function interactionNumber(name: string): number {
  return NUMBERS[name] ?? (NUMBERS.request as number);
}

export function interactionName(number: number): string {
  return NAMES.get(number) ?? 'request';
}

export const INTERACTION_CODES: readonly string[] = Object.keys(NUMBERS);

/** Those whose rows are stored with what they wrote. */
export const WRITING: readonly number[] = ['create', 'update', 'patch', 'delete', 'transaction'].map(interactionNumber);
