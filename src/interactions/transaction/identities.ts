import type { Resource } from '@medplum/fhirtypes';
import { error, FhirError } from '../../model/issue.ts';
import { idOfRid, type Rid, ridOfId } from '../../model/rid.ts';
import { mayBeAboutPatient } from '../../search/extract/patient-of.ts';
import { criteriaKey } from '../criteria.ts';
import type { Engine } from '../engine.ts';
import { allocate, type NewId } from '../plan.ts';
import type { Addressed } from './addressed.ts';

/** Who the resources of a transaction will be, known before any is written. */
export interface Identities {
  /** What references are replaced by: full URLs to `Type/id`. */
  readonly replacements: Map<string, string>;
  /** Rids of what will be created, by `Type/id`. */
  readonly pending: Map<string, Rid>;
  /** Ids for the entries that create, by the entry's index. */
  readonly newIds: Map<number, NewId>;
  /** What will be stored, by `Type/id`; references in it are as they were sent. */
  readonly written: Map<string, Resource>;
}

const COURSES: ReadonlySet<string> = new Set(['EpisodeOfCare', 'ServiceRequest']);

/**
 * Gives every resource that the transaction creates its id, patients first and then courses: what belongs to a patient
 * goes into the patient's shard, what names a course alone into the course's.
 * @param found what conditional references were found to mean, by their url
 * @param patients rids of patients that are there and whose ids clients gave, by `Patient/id`
 */
export function identify(
  engine: Engine,
  addressed: readonly Addressed[],
  given: ReadonlyMap<number, NewId>,
  found: ReadonlyMap<string, string>,
  patients: ReadonlyMap<string, Rid>,
): Identities {
  const identities: Identities = {
    replacements: new Map(found),
    pending: new Map(),
    newIds: new Map(given),
    written: new Map(),
  };
  const turn = ({ slot }: Addressed): number => (slot.type === 'Patient' ? 0 : COURSES.has(slot.type) ? 1 : 2);
  for (const one of addressed.toSorted((a, b) => turn(a) - turn(b))) {
    name(engine, identities, patients, one);
  }
  refuseTwice(addressed, identities);
  return identities;
}

function name(
  engine: Engine,
  { replacements, pending, newIds, written }: Identities,
  patients: ReadonlyMap<string, Rid>,
  one: Addressed,
): void {
  const { slot, previous, body } = one;
  if (body === undefined) {
    return;
  }
  let id = previous?.id;
  if (previous === undefined) {
    const newId = newIds.get(slot.index) ?? {};
    const patient = patientRid(engine, body.resource, replacements, (key) => pending.get(key) ?? patients.get(key));
    const rid = newId.rid ?? allocate(engine, slot.type, patient, newId.clientId);
    newIds.set(slot.index, { ...newId, rid });
    id = newId.clientId ?? idOfRid(rid);
    pending.set(`${slot.type}/${id}`, rid);
  }
  if (slot.entry.method !== 'POST' || previous === undefined) {
    written.set(`${slot.type}/${id}`, body.resource);
  }
  const fullUrl = 'fullUrl' in slot.entry ? slot.entry.fullUrl : undefined;
  if (fullUrl !== undefined) {
    replacements.set(fullUrl, `${slot.type}/${id}`);
    const relative = /^https?:\/\/.*\/([A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64})$/.exec(fullUrl)?.[1];
    if (relative?.startsWith(`${slot.type}/`)) {
      // a relative reference within the bundle means the entry whose full URL ends so (bundle.html#references)
      replacements.set(relative, `${slot.type}/${id}`);
    }
  }
}

/** The patient that a resource will belong to, or else its course, told before its references are resolved. */
function patientRid(
  engine: Engine,
  resource: Resource,
  replacements: ReadonlyMap<string, string>,
  ridOf: (patient: string) => Rid | undefined,
): Rid | undefined {
  const places = engine
    .definitions()
    .referencesOf(resource)
    .flatMap((reference) => {
      const written =
        reference.kind === 'relative' ? `${reference.type}/${reference.id}` : 'url' in reference ? reference.url : '';
      const meant = replacements.get(written) ?? written;
      const rank = rankOf(meant, reference.path);
      return rank === undefined ? [] : [{ meant, rank }];
    });
  const place = places.toSorted((a, b) => a.rank - b.rank)[0]?.meant;
  if (place === undefined || !mayBeAboutPatient(resource.resourceType)) {
    return undefined;
  }
  return ridOf(place) ?? ridOfId(place.slice(place.indexOf('/') + 1));
}

/** Beside what a resource is stored: whom it is about, who took part in it, its course. */
function rankOf(reference: string, path: string): number | undefined {
  if (reference.startsWith('Patient/')) {
    return /\.(patient|subject)$/.test(path) ? 0 : 1;
  }
  return COURSES.has(reference.split('/', 1)[0] ?? '') ? 2 : undefined;
}

/** @throws FhirError 400 where two entries write the same resource, or would both create what one condition is to find */
function refuseTwice(addressed: readonly Addressed[], identities: Identities): void {
  const seen = new Set<string>();
  const twice = addressed.filter((one) => {
    const { index, entry, type, criteria } = one.slot;
    if (entry.method === 'GET' || (entry.method === 'POST' && one.previous)) {
      return false;
    }
    const id = one.previous?.id ?? identities.newIds.get(index)?.clientId;
    const keys = [
      ...(id === undefined ? [] : [`${type}/${id}`]),
      ...(criteria && one.previous === undefined && one.body ? [criteriaKey(type, criteria)] : []),
    ];
    const known = keys.some((key) => seen.has(key));
    for (const key of keys) {
      seen.add(key);
    }
    return known;
  });
  if (twice.length > 0) {
    throw new FhirError(
      400,
      twice.map((one) =>
        error('duplicate', 'Another entry writes the same resource.', `Bundle.entry[${one.slot.index}]`),
      ),
    );
  }
}

/** Throws a fault of an entry again, a refusal with expressions that start at the Bundle. */
export function atEntry(index: number, failure: unknown): never {
  if (failure instanceof FhirError) {
    throw new FhirError(
      failure.status,
      failure.issues.map((issue) => ({
        ...issue,
        expression: (issue.expression ?? ['']).map((at) => {
          const inner = at.replace(/^[A-Z][A-Za-z]*\.?/, '');
          return at === ''
            ? `Bundle.entry[${index}]`
            : `Bundle.entry[${index}].resource${inner === '' ? '' : `.${inner}`}`;
        }),
      })),
    );
  }
  throw failure;
}
