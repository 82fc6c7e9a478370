import type { HumanName, Identifier, Patient } from '@medplum/fhirtypes';

/** The two records of one person after they have become one. */
export interface MergedPatients {
  /** Who stays: found by all numbers that either had. */
  readonly surviving: Patient;
  /** What is left of the other: that it was replaced, and by whom. */
  readonly replaced: Patient;
}

/** What a record may lack that the other tells. */
const FILLED = [
  'telecom',
  'gender',
  'birthDate',
  'address',
  'communication',
  'contact',
  'generalPractitioner',
] as const;

/**
 * Two Patients that turned out to be one person become one. The surviving one keeps what it says and gets from the other
 * what it lacks. A number of a kind that it has already is an old one from now on.
 */
export function mergedPatients(surviving: Patient, duplicate: Patient): MergedPatients {
  const lacking = Object.fromEntries(
    FILLED.flatMap((name) =>
      surviving[name] === undefined && duplicate[name] !== undefined ? [[name, duplicate[name]]] : [],
    ),
  );
  const deceased = isSilentOnDeath(surviving)
    ? { deceasedBoolean: duplicate.deceasedBoolean, deceasedDateTime: duplicate.deceasedDateTime }
    : {};
  const identifier = mergedIdentifiers(surviving.identifier ?? [], duplicate.identifier ?? []);
  const name = mergedNames(surviving.name ?? [], duplicate.name ?? []);
  return {
    surviving: {
      ...surviving,
      ...lacking,
      ...deceased,
      ...(identifier.length === 0 ? {} : { identifier }),
      ...(name.length === 0 ? {} : { name }),
    },
    replaced: {
      resourceType: 'Patient',
      id: duplicate.id,
      meta: duplicate.meta,
      active: false,
      link: [{ other: { reference: `Patient/${surviving.id}` }, type: 'replaced-by' }],
    },
  };
}

/**
 * Whether a Patient was replaced by another.
 * @param but by this one it may have been: what has been stored about it since is moved once more
 */
export function isReplaced({ link = [] }: Patient, but?: string): boolean {
  return link.some(({ type, other }) => type === 'replaced-by' && other.reference !== `Patient/${but}`);
}

/** Whether it tells nothing of death; told by the other, it counts. */
function isSilentOnDeath({ deceasedBoolean, deceasedDateTime }: Patient): boolean {
  return deceasedBoolean === undefined && deceasedDateTime === undefined;
}

function mergedIdentifiers(own: readonly Identifier[], others: readonly Identifier[]): Identifier[] {
  const systems = new Set(own.map(({ system }) => system));
  const added = others.filter((other) => !own.some((one) => one.system === other.system && one.value === other.value));
  return [...own, ...added.map((one): Identifier => (systems.has(one.system) ? { ...one, use: 'old' } : one))];
}

/** A name that the surviving record does not have is kept as one that the person was known by. */
function mergedNames(own: readonly HumanName[], others: readonly HumanName[]): HumanName[] {
  const written = ({ text, family, given = [] }: HumanName): string => [text, family, ...given].join(' ').toLowerCase();
  const known = new Set(own.map(written));
  const added = others.filter((other) => !known.has(written(other)));
  return [...own, ...added.map((name): HumanName => (own.length > 0 ? { ...name, use: 'old' } : name))];
}
