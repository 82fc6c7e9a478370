import type { EpisodeOfCare, Patient, QuestionnaireResponse, ResearchSubject, Resource } from '@medplum/fhirtypes';
import type { Queryable } from '../../model/queryable.ts';
import { typeNumber } from '../../model/resource-types.ts';
import type { Rid } from '../../model/rid.ts';
import type { StoredVersion } from '../../model/stored.ts';
import { toStoredVersion, type VersionRow, versionColumns } from '../../model/version-row.ts';
import { courseOf } from '../../registry/membership.ts';
import { unversioned } from '../../registry/unversioned.ts';

/** A course that is in a national registry now, with what it has answered and locked. */
export interface Member {
  readonly patientRid: Rid;
  readonly courseRid: Rid;
  readonly patient: Patient;
  readonly course: EpisodeOfCare;
  readonly responses: readonly QuestionnaireResponse[];
}

const TYPES = ['Patient', 'EpisodeOfCare', 'QuestionnaireResponse', 'ResearchSubject'];
const LOCKED = ['completed', 'amended'];
/** Patients that are read at once. */
const AT_ONCE = 500;

/**
 * The courses that a national registry holds at this moment: on study, so that its legal basis is in force (every commit
 * sees to that). Patients whose record is restricted are not among them, and who was erased is in no row.
 * @param seen is told of every version that was looked at
 */
export async function* membersOf(
  db: Queryable,
  studies: readonly string[],
  seen: (versions: readonly StoredVersion[]) => void,
): AsyncGenerator<Member> {
  for (let after: Rid = '0'; ; ) {
    const { rows } = await db.query<{ patient: Rid }>({
      text: `select distinct r.patient from resource r
        where r.type = $1 and r.patient > $2 and not r.deleted
          and not exists (select 1 from restriction x where x.patient = r.patient)
        order by r.patient limit $3`,
      values: [typeNumber('ResearchSubject'), after, AT_ONCE],
    });
    const patients = rows.map(({ patient }) => patient);
    if (patients.length === 0) return;
    for (const record of await recordsOf(db, patients)) {
      const members = membersIn(record, studies);
      if (members.length > 0) seen(record);
      yield* members;
    }
    after = patients.at(-1) ?? after;
  }
}

async function recordsOf(db: Queryable, patients: readonly Rid[]): Promise<readonly (readonly StoredVersion[])[]> {
  const { rows } = await db.query<VersionRow & { patient: Rid }>({
    text: `select ${versionColumns('r')} from resource r
      where r.patient = any($1::int8[]) and r.type = any($2::int2[]) and not r.deleted order by r.rid`,
    values: [patients, TYPES.map(typeNumber)],
  });
  return [...Map.groupBy(rows, ({ patient }) => patient).values()].map((record) => record.map(toStoredVersion));
}

function membersIn(record: readonly StoredVersion[], studies: readonly string[]): readonly Member[] {
  const ofType = <R extends Resource>(type: R['resourceType']): { rid: Rid; resource: R }[] =>
    record
      .filter((stored) => stored.type === type)
      .map(({ rid, content }) => ({ rid, resource: JSON.parse(content) as R }));
  const [patient] = ofType<Patient>('Patient');
  if (patient === undefined) return [];
  const on = new Set(
    ofType<ResearchSubject>('ResearchSubject')
      .map(({ resource }) => resource)
      .filter(({ status, period, study }) => {
        const [, id = ''] = study.reference?.split('/') ?? [];
        return status === 'on-study' && period?.end === undefined && studies.includes(id);
      })
      .flatMap((subject) => courseOf(subject) ?? []),
  );
  const responses = ofType<QuestionnaireResponse>('QuestionnaireResponse')
    .map(({ resource }) => resource)
    .filter(({ status }) => LOCKED.includes(status));
  return ofType<EpisodeOfCare>('EpisodeOfCare')
    .filter(({ resource }) => on.has(`EpisodeOfCare/${resource.id}`))
    .map(({ rid, resource: course }) => {
      const referrals = (course.referralRequest ?? []).flatMap(({ reference }) => reference ?? []).map(unversioned);
      return {
        patientRid: patient.rid,
        courseRid: rid,
        patient: patient.resource,
        course,
        responses: responses.filter(({ basedOn }) =>
          (basedOn ?? []).some(({ reference = '' }) => referrals.includes(unversioned(reference))),
        ),
      };
    });
}
