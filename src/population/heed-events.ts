import type { Patient } from '@medplum/fhirtypes';
import type { Engine } from '../interactions/engine.ts';
import type { Caller } from '../model/caller.ts';
import { FhirError } from '../model/issue.ts';
import type { Rid } from '../model/rid.ts';
import type { StoredVersion } from '../model/stored.ts';
import { inOneCommit, resourceOf } from '../rights/one-commit.ts';
import { changeSetting, settingOr } from '../store/settings.ts';
import { tiesOf } from '../store/ties.ts';
import { merge } from './merge.ts';
import { isReplaced } from './merged-patient.ts';
import type { PersonEvent, PopulationRegister, RegisteredPerson } from './person-service.ts';
import { numberIdentifier, type Told, toldPatient } from './told-patient.ts';

/** The row of `setting` that holds the number of the event that comes next. */
const POINTER = 'population_event';

const DEATH = ['PersonIsDeceased', 'ChangeInDeath'];
const MERGED = ['PersonIsContinuedAsValidUponMerger', 'PersonIsDiscontinuedAsDuplicate'];
const NUMBER = ['ChangeInNorwegianIdentificationNumber', ...MERGED];
const HEEDED = [...DEATH, ...NUMBER];

/** Patients of one person: one a hospital, and what was registered twice. */
const PATIENTS_MAX = 500;

const CALLER: Caller = { name: 'population register', kind: 'system', access: 'all' };

/**
 * Does what has happened in the population register since the last look: a death closes what is open (bots do, by the
 * Patient), an annulled one does not count any more, a changed number is found beside the old, two Patients of one person
 * become one. From which event on to look stands in the database, and moves on after what an event tells is stored: an event
 * may be heeded twice and then changes nothing. The first look begins with what happens after it.
 *
 * @param failed is told of events that are refused for what they tell; they are passed
 * @returns how many events were heeded
 * @throws what kept an event from being stored that may be stored at the next look (too much to do, a concurrent change);
 *   what the others of the page tell is stored then, and all are heeded again
 */
export async function heedEvents(
  engine: Engine,
  register: PopulationRegister,
  failed: (sequenceNumber: number, problem: FhirError) => void,
): Promise<number> {
  const known = await settingOr(engine.pool, POINTER, '');
  let next = Number(known.value);
  if (known.value === '') {
    next = (await register.latest()) + 1;
    await changeSetting(engine.pool, POINTER, String(next));
  }
  let count = 0;
  for (;;) {
    const events = await register.events(next, HEEDED);
    const last = events.at(-1);
    if (last === undefined) return count;
    const byPerson = Map.groupBy(events, ({ personId }) => personId);
    let again: FhirError | undefined;
    for (const person of await register.persons([...byPerson.keys()])) {
      const own = byPerson.get(person.id) ?? [];
      await heed(engine, person, own).catch((problem: unknown) => {
        if (!(problem instanceof FhirError)) throw problem;
        if (isForNow(problem)) again = problem;
        else failed(own.at(-1)?.sequenceNumber ?? next, problem);
      });
    }
    if (again !== undefined) throw again;
    count += events.length;
    next = last.sequenceNumber + 1;
    await changeSetting(engine.pool, POINTER, String(next));
  }
}

/** Whether a refusal says nothing of what was to be stored: the same may be stored in a while. */
function isForNow({ status }: FhirError): boolean {
  return status >= 500 || [409, 412, 429].includes(status);
}

async function heed(engine: Engine, person: RegisteredPerson, events: readonly PersonEvent[]): Promise<void> {
  const some = (types: readonly string[]): boolean => events.some(({ eventType }) => types.includes(eventType));
  const told = { death: some(DEATH), numbers: some(NUMBER) };
  let patients = await patientsOf(engine, person);
  if (some(MERGED)) {
    await mergeWithinHospitals(engine, person, patients);
    patients = await patientsOf(engine, person);
  }
  for (const patient of patients) await tell(engine, patient, person, told);
}

/** All Patients here with a number that the person has or had; those that were replaced stand for others. */
async function patientsOf(engine: Engine, { numbers }: RegisteredPerson): Promise<readonly StoredVersion[]> {
  if (numbers.length === 0) return [];
  const identifiers = numbers.map(({ value }) => {
    const { system } = numberIdentifier(value);
    return `${system}|${value}`;
  });
  const query = [['identifier', identifiers.join(',')] as const, ['_count', String(PATIENTS_MAX)] as const];
  const { matches } = await engine.search(engine.readers, CALLER, 'Patient', query, { lenient: false });
  return matches.filter((stored) => !isReplaced(resourceOf<Patient>(stored)));
}

async function tell(engine: Engine, { rid, id }: StoredVersion, person: RegisteredPerson, told: Told): Promise<void> {
  await inOneCommit(engine, CALLER, async (work) => {
    // what somebody else writes of the patient meanwhile is not written over
    await work.alone(rid);
    const [patient] = await work.find<Patient>('Patient', [['_id', id]]);
    if (patient !== undefined) await work.save(toldPatient(patient, person, told));
  });
}

/**
 * Two hospitals have two Patients of one person, each its own; one hospital has one. Who has the number in force stays,
 * else who came first.
 */
async function mergeWithinHospitals(
  engine: Engine,
  { numbers }: RegisteredPerson,
  patients: readonly StoredVersion[],
): Promise<void> {
  const hospitals = await hospitalsOf(engine, patients);
  const inForce = numbers.find(({ valid }) => valid)?.value;
  const hasIt = (stored: StoredVersion): boolean =>
    resourceOf<Patient>(stored).identifier?.some(({ value }) => value === inForce) === true;
  for (const [hospital, own] of Map.groupBy(patients, ({ rid }) => hospitals.get(rid) ?? '')) {
    const [surviving, ...duplicates] = own.toSorted((a, b) => Number(hasIt(b)) - Number(hasIt(a)));
    if (hospital === '' || surviving === undefined) continue;
    for (const duplicate of duplicates) {
      await merge(engine, CALLER, async (db) => {
        const read = async (id: string): Promise<StoredVersion> => {
          const { matches } = await engine.search(db, CALLER, 'Patient', [['_id', id]], { lenient: false });
          return matches[0] as StoredVersion;
        };
        return { surviving: await read(surviving.id), duplicate: await read(duplicate.id) };
      });
    }
  }
}

/** The hospitals that each has to do with, as one text. */
async function hospitalsOf(engine: Engine, patients: readonly StoredVersion[]): Promise<ReadonlyMap<Rid, string>> {
  const ties = await tiesOf(
    engine.readers,
    patients.map(({ rid }) => rid),
  );
  const labels = Map.groupBy(
    ties.filter(({ label }) => /^Organization\/[^ ]+$/.test(label)),
    ({ rid }) => rid,
  );
  return new Map([...labels].map(([rid, own]) => [rid, [...new Set(own.map(({ label }) => label))].sort().join(' ')]));
}
