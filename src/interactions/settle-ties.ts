import { isDeepStrictEqual } from 'node:util';
import type { Organization, ResearchStudy } from '@medplum/fhirtypes';
import type { Caller } from '../model/caller.ts';
import type { Queryable } from '../model/queryable.ts';
import type { Rid } from '../model/rid.ts';
import { courseLabels, givenLabels, NATIONAL, patientLabels } from '../registry/course-ties.ts';
import { addTies, removeTies, type Tie, tiesOf } from '../store/ties.ts';
import { type CourseFacts, CourseReader } from './course-facts.ts';
import type { Change, Engine, Planned } from './engine.ts';

/*
 * Ties say to whom an anchor belongs (docs/decisions/0050-access.md). Those of a patient, of the patient's courses and of
 * their referrals follow from what is stored, and are settled in the commit of every write that they follow from. Others
 * are given: a patient or a referral that is in no course yet belongs to the hospital that stored it.
 */

/** What ties follow from. A write of one of these has a transaction of its own. */
const TYPES: ReadonlySet<string> = new Set([
  ...['Patient', 'EpisodeOfCare', 'ServiceRequest', 'ResearchSubject', 'ResearchStudy', 'Organization'],
]);

/** Whether ties may follow from a write: it is never merged with others, and holds its patient's shard alone. */
export function concernsTies(change: Change): boolean {
  return TYPES.has(change.type);
}

/**
 * Whether ties of many patients follow from a write: a study or an Organization that says something else than before, and
 * a study that is a new part of one. Nobody else writes while these are settled.
 */
export function concernsManyTies({ type, interaction, previous, resource }: Change): boolean {
  if (type === 'ResearchStudy') {
    return interaction === 'create'
      ? (resource as ResearchStudy).partOf !== undefined
      : interaction === 'delete' ||
          !isDeepStrictEqual(saidOf(previous as ResearchStudy), saidOf(resource as ResearchStudy));
  }
  return (
    type === 'Organization' &&
    interaction === 'update' &&
    !isDeepStrictEqual((previous as Organization).partOf, (resource as Organization).partOf)
  );
}

function saidOf({ partOf, sponsor, protocol }: ResearchStudy): unknown {
  return [partOf, sponsor, protocol];
}

/** What has to change so that ties say what is stored. */
export interface TieChange {
  readonly add: readonly Tie[];
  readonly remove: readonly Tie[];
}

/** Patients whose ties are settled at once. */
const AT_ONCE = 500;

/**
 * Finds what follows for ties from writes that have just been stored in the same transaction.
 * @param caller who stored them
 */
export async function tiesToSettle(
  engine: Engine,
  db: Queryable,
  caller: Caller,
  planned: readonly Planned[],
): Promise<TieChange> {
  const affected = planned.filter(({ change }) => concernsTies(change));
  if (affected.length === 0) {
    return { add: [], remove: [] };
  }
  const reader = new CourseReader(engine, db);
  const patients = await patientsConcerned(reader, affected);
  const concerned = new Set(patients);
  const others = await beside(reader, caller, affected);
  const add: Tie[] = [];
  const remove: Tie[] = [];
  for (let from = 0; from === 0 || from < patients.length; from += AT_ONCE) {
    const part = new Set(patients.slice(from, from + AT_ONCE));
    const here = others.filter(({ patient, foreign }) =>
      patient !== undefined && concerned.has(patient) ? part.has(patient) : from === 0 && !foreign,
    );
    const change = await settled(db, [...part], await reader.coursesOf([...part]), here);
    add.push(...change.add);
    remove.push(...change.remove);
  }
  return { add, remove };
}

/** Makes all ties of patients, of their courses and of the referrals of these what they should be. */
export async function settlePatients(engine: Engine, db: Queryable, patients: readonly Rid[]): Promise<void> {
  const { add, remove } = await settled(db, patients, await new CourseReader(engine, db).coursesOf(patients), []);
  await addTies(db, add);
  await removeTies(db, remove);
}

async function patientsConcerned(reader: CourseReader, affected: readonly Planned[]): Promise<readonly Rid[]> {
  const patients = new Set<Rid>();
  for (const one of affected) {
    const { write, formerly, change } = one;
    // a new referral is in no course but one that is written with it
    if (change.type === 'EpisodeOfCare' || change.type === 'ResearchSubject' || isMovedReferral(one)) {
      for (const rid of [write.patient, formerly?.patient]) {
        if (rid !== undefined) {
          patients.add(rid);
        }
      }
    }
  }
  const many = affected.map(({ change }) => change).filter(concernsManyTies);
  for (const rid of many.length === 0 ? [] : await reader.patientsUnder(many)) {
    patients.add(rid);
  }
  return [...patients];
}

/** An anchor that is settled besides patients and the courses that these have now. */
interface Beside {
  readonly rid: Rid;
  readonly patient: Rid | undefined;
  /** Labels that it is given, where none follow from a course. */
  readonly given: readonly string[];
  /** A course that is deleted: its tombstone stays its hospital's, no registry has it any more. */
  readonly deleted?: boolean;
  /** A course names it, or did, and perhaps it is about somebody else: then nothing of it follows from this course. */
  readonly foreign?: boolean;
}

async function beside(reader: CourseReader, caller: Caller, affected: readonly Planned[]): Promise<readonly Beside[]> {
  const labels = caller.tenant === undefined ? [] : givenLabels(caller.tenant.reference);
  const episodes = affected.filter(({ change }) => change.type === 'EpisodeOfCare');
  const deleted = episodes.filter(({ write }) => write.deleted);
  const left = new Set((await reader.referralsNamed(deleted.map(({ change }) => change))).map(({ rid }) => rid));
  const named = await reader.referralsNamed(episodes.map(({ change }) => change));
  const created = affected.filter(({ change, write }) => change.interaction === 'create' && write.anchor === write.rid);
  return [
    ...created.map(({ write: { rid, patient } }) => ({ rid, patient, given: labels })),
    ...affected.filter(isMovedReferral).map(({ write: { rid, patient } }) => ({ rid, patient, given: [] })),
    ...named.map(({ rid, patient }) => ({ rid, patient, given: left.has(rid) ? labels : [], foreign: true })),
    ...deleted.map(({ write: { rid, patient } }) => ({ rid, patient, given: [], deleted: true })),
  ];
}

/** Whether a referral is about somebody else now. */
function isMovedReferral({ change, write, formerly }: Planned): boolean {
  const had = formerly !== undefined && formerly.patient !== write.patient;
  return change.type === 'ServiceRequest' && !write.deleted && had;
}

async function settled(
  db: Queryable,
  patients: readonly Rid[],
  courses: readonly CourseFacts[],
  others: readonly Beside[],
): Promise<TieChange> {
  /** What follows for each anchor from what is stored. */
  const follows = new Map<Rid, Set<string>>();
  const given = new Map<Rid, readonly string[]>();
  for (const { rid, given: labels } of others.filter((one) => one.deleted !== true)) {
    follows.set(rid, new Set());
    given.set(rid, [...(given.get(rid) ?? []), ...labels]);
  }
  const deleted = others.filter((one) => one.deleted === true).map(({ rid }) => rid);
  const ofPatient = new Map<Rid, ReadonlySet<string>[]>(patients.map((rid) => [rid, []]));
  for (const course of courses) {
    const labels = courseLabels(course.organizations, course.memberships);
    ofPatient.get(course.patient)?.push(labels);
    for (const anchor of [course.rid, ...course.referrals]) {
      follows.set(anchor, (follows.get(anchor) ?? new Set()).union(labels));
    }
  }
  for (const [patient, labels] of ofPatient) {
    follows.set(patient, new Set(patientLabels(labels)));
  }
  const stored = Map.groupBy(await tiesOf(db, [...follows.keys(), ...deleted]), ({ rid }) => rid);
  const change: { add: Tie[]; remove: Tie[] } = { add: [], remove: [] };
  for (const [rid, labels] of follows) {
    const before = new Map((stored.get(rid) ?? []).map((tie) => [tie.label, tie.given]));
    const after = new Map<string, boolean>([...labels].map((label) => [label, false]));
    if (ofPatient.has(rid) || labels.size === 0) {
      const kept = [...before].flatMap(([label, isGiven]) => (isGiven ? [label] : []));
      for (const label of [...kept, ...(given.get(rid) ?? [])]) {
        after.set(label, true);
      }
    }
    for (const [label, isGiven] of after) {
      if (before.get(label) !== isGiven) change.add.push({ rid, label, given: isGiven });
    }
    change.remove.push(...(stored.get(rid) ?? []).filter(({ label }) => !after.has(label)));
  }
  const gone = deleted.flatMap((rid) => stored.get(rid) ?? []).filter(({ label }) => label.startsWith(NATIONAL));
  return { add: change.add, remove: [...change.remove, ...gone] };
}
