import type {
  EpisodeOfCare,
  Organization,
  Reference,
  ResearchStudy,
  ResearchSubject,
  Resource,
} from '@medplum/fhirtypes';
import { systemCaller } from '../model/caller.ts';
import type { Queryable } from '../model/queryable.ts';
import { typeNumber } from '../model/resource-types.ts';
import { idOfRid, type Rid, shardOfRid } from '../model/rid.ts';
import { isNational, type MembershipFacts, type StudyFacts } from '../registry/course-ties.ts';
import { courseOf } from '../registry/membership.ts';
import { parseReference } from '../search/extract/parse-reference.ts';
import { hash64 } from '../search/hash64.ts';
import { keyOf, paramName, resourceForm } from '../search/keys.ts';
import { readMany } from '../store/read.ts';
import type { Change, Engine } from './engine.ts';

/** A course, as far as it says to whom it and its referrals belong. */
export interface CourseFacts {
  readonly rid: Rid;
  readonly patient: Rid;
  /** Ids of the Organization that manages it and of those that this is part of. */
  readonly organizations: readonly string[];
  readonly memberships: readonly MembershipFacts[];
  /** Its referrals, so far as they are about the same patient. */
  readonly referrals: readonly Rid[];
}

export interface Referral {
  readonly rid: Rid;
  readonly patient: Rid | undefined;
}

/** A ward belongs to a clinic belongs to a hospital belongs to a trust: no chain is longer. */
const DEPTH_MAX = 6;

interface Row {
  readonly rid: Rid;
  readonly content: string;
  readonly patient: Rid;
}

/** Reads, as the server itself, what ties follow from: by R4's own search parameters, which are complete at all times. */
export class CourseReader {
  readonly #engine: Engine;
  readonly #db: Queryable;

  constructor(engine: Engine, db: Queryable) {
    this.#engine = engine;
    this.#db = db;
  }

  /** All courses of patients. */
  async coursesOf(patients: readonly Rid[]): Promise<readonly CourseFacts[]> {
    const ids = patients.length === 0 ? [] : await this.#idsOf(patients);
    const of = (type: string, code: string): string[] => ids.map((id) => this.#hash(type, code, 'Patient', id));
    const episodes = await this.#rows('EpisodeOfCare', of('EpisodeOfCare', 'patient'));
    if (episodes.length === 0) {
      return [];
    }
    const subjects = (await this.#rows('ResearchSubject', of('ResearchSubject', 'individual'))).map((row) => ({
      patient: row.patient,
      subject: JSON.parse(row.content) as ResearchSubject,
    }));
    const courses = episodes.map(({ rid, content, patient }) => ({
      rid,
      patient,
      episode: JSON.parse(content) as EpisodeOfCare,
    }));
    const referrals = await this.#referrals(courses.map(({ episode }) => episode));
    const studies = await this.#studies(subjects.map(({ subject }) => this.#id(subject.study, 'ResearchStudy')));
    const wholes = await this.#wholes(
      courses.map(({ episode }) => this.#id(episode.managingOrganization, 'Organization')),
    );
    return courses.map(({ rid, patient, episode }) => ({
      rid,
      patient,
      organizations: wholes(this.#id(episode.managingOrganization, 'Organization')),
      memberships: subjects.flatMap((one) => {
        const study = studies.get(this.#id(one.subject.study, 'ResearchStudy') ?? '');
        const course = this.#id({ reference: courseOf(one.subject) }, 'EpisodeOfCare');
        return study !== undefined && one.patient === patient && course === episode.id
          ? [{ onStudy: one.subject.status === 'on-study' && one.subject.period?.end === undefined, study }]
          : [];
      }),
      referrals: this.#namedBy(episode).flatMap((id) => {
        const referral = referrals.get(id);
        return referral?.patient === patient ? [referral.rid] : [];
      }),
    }));
  }

  /** The referrals that courses name, or named before; whosever they are: with their patients. */
  async referralsNamed(changes: readonly Change[]): Promise<readonly Referral[]> {
    const episodes = changes.flatMap(({ resource, previous }) => [resource, previous].filter(isEpisode));
    return [...(await this.#referrals(episodes)).values()];
  }

  /** The patients of whom studies and Organizations that change say something. */
  async patientsUnder(changes: readonly Change[]): Promise<readonly Rid[]> {
    const studies = changes.flatMap(({ type, id, resource, previous }) =>
      type === 'ResearchStudy' ? [id, ...this.#wholesOf(resource), ...this.#wholesOf(previous)] : [],
    );
    let parts = changes.flatMap(({ type, id }) => (type === 'Organization' ? [id] : []));
    const organizations = new Set(parts);
    for (let depth = 0; depth < DEPTH_MAX && parts.length > 0; depth += 1) {
      const rows = await this.#rows(
        'Organization',
        parts.map((id) => this.#hash('Organization', 'partof', 'Organization', id)),
      );
      parts = rows
        .flatMap(({ content }) => (JSON.parse(content) as Organization).id ?? [])
        .filter((id) => !organizations.has(id));
      for (const id of parts) {
        organizations.add(id);
      }
    }
    const rows = [
      ...(await this.#rows(
        'ResearchSubject',
        studies.map((id) => this.#hash('ResearchSubject', 'study', 'ResearchStudy', id)),
      )),
      ...(await this.#rows(
        'EpisodeOfCare',
        [...organizations].map((id) => this.#hash('EpisodeOfCare', 'organization', 'Organization', id)),
      )),
    ];
    return [...new Set(rows.flatMap(({ patient }) => patient ?? []))];
  }

  #wholesOf(resource: Resource | undefined): readonly string[] {
    return ((resource as ResearchStudy | undefined)?.partOf ?? []).flatMap(
      (part) => this.#id(part, 'ResearchStudy') ?? [],
    );
  }

  #namedBy(episode: EpisodeOfCare): readonly string[] {
    return (episode.referralRequest ?? []).flatMap((reference) => this.#id(reference, 'ServiceRequest') ?? []);
  }

  /** Referrals by id, with the patients that they are about. */
  async #referrals(episodes: readonly EpisodeOfCare[]): Promise<ReadonlyMap<string, Referral>> {
    const ids = [...new Set(episodes.flatMap((episode) => this.#namedBy(episode)))];
    const found = new Map<string, Referral>();
    if (ids.length > 0) {
      const versions = await readMany(
        this.#db,
        systemCaller,
        ids.map((id) => ({ type: 'ServiceRequest', id })),
      );
      for (const { id, rid, patient, deleted } of versions.values()) {
        if (!deleted) {
          found.set(id, { rid, patient });
        }
      }
    }
    return found;
  }

  async #studies(ids: readonly (string | undefined)[]): Promise<ReadonlyMap<string, StudyFacts>> {
    const stored = await this.#resources<ResearchStudy>('ResearchStudy', ids);
    const doubtful = [...stored.values()].filter(
      ({ sponsor, partOf }) => sponsor !== undefined && partOf === undefined,
    );
    const parts = await this.#rows(
      'ResearchStudy',
      doubtful.map(({ id = '' }) => this.#hash('ResearchStudy', 'partof', 'ResearchStudy', id)),
    );
    const withParts = new Set(parts.flatMap(({ content }) => this.#wholesOf(JSON.parse(content) as ResearchStudy)));
    return new Map(
      [...stored].map(([id, { sponsor, partOf = [], protocol = [] }]) => [
        id,
        {
          id,
          protocols: protocol.flatMap((one) => {
            const plan = this.#id(one, 'PlanDefinition');
            return plan === undefined ? [] : [`PlanDefinition/${plan}`];
          }),
          hospital: this.#id(sponsor, 'Organization'),
          national: isNational({
            isPart: partOf.length > 0,
            hasParts: withParts.has(id),
            hasSponsor: sponsor !== undefined,
          }),
        },
      ]),
    );
  }

  /** From an Organization to it and those that it is part of. */
  async #wholes(ids: readonly (string | undefined)[]): Promise<(id: string | undefined) => readonly string[]> {
    const known = new Map<string, Organization>();
    let wanted = ids;
    for (let depth = 0; depth < DEPTH_MAX && wanted.some((id) => id !== undefined); depth += 1) {
      const stored = await this.#resources<Organization>('Organization', wanted);
      for (const [id, organization] of stored) {
        known.set(id, organization);
      }
      wanted = [...stored.values()]
        .map(({ partOf }) => this.#id(partOf, 'Organization'))
        .filter((id) => id !== undefined && !known.has(id));
    }
    return (id) => {
      const chain: string[] = [];
      for (let at = id; at !== undefined && !chain.includes(at); at = this.#id(known.get(at)?.partOf, 'Organization')) {
        chain.push(at);
      }
      return chain;
    };
  }

  async #resources<T extends Resource>(
    type: T['resourceType'],
    ids: readonly (string | undefined)[],
  ): Promise<ReadonlyMap<string, T>> {
    const wanted = [...new Set(ids)].flatMap((id) => (id === undefined ? [] : { type, id }));
    const versions = wanted.length === 0 ? [] : [...(await readMany(this.#db, systemCaller, wanted)).values()];
    return new Map(versions.filter(({ deleted }) => !deleted).map(({ id, content }) => [id, JSON.parse(content) as T]));
  }

  async #idsOf(rids: readonly Rid[]): Promise<readonly string[]> {
    const { rows } = await this.#db.query<{ rid: Rid; id: string | null }>({
      name: 'ids_of_rids',
      text: `select r.rid, r.id from unnest($1::int2[], $2::int8[]) as w (shard, rid)
        join resource r on r.shard = w.shard and r.rid = w.rid`,
      values: [rids.map(shardOfRid), rids],
    });
    return rows.map(({ rid, id }) => id ?? idOfRid(rid));
  }

  /** Current resources of a type that have one of these postings. */
  async #rows(type: string, hashes: readonly string[]): Promise<readonly Row[]> {
    if (hashes.length === 0) {
      return [];
    }
    const { rows } = await this.#db.query<Row>({
      name: 'rows_by_postings',
      text: `select r.rid, r.content, r.patient from (select distinct rid from token_idx where h = any($1::int8[])) t
        join resource r on r.shard = ((t.rid >> 10) & 4095)::int2 and r.rid = t.rid
        where r.type = $2 and not r.deleted order by r.rid`,
      values: [hashes, typeNumber(type)],
    });
    return rows;
  }

  #hash(type: string, code: string, target: string, id: string): string {
    const param = this.#engine.definitions().parameters.get(type, code);
    if (param === undefined) {
      throw new Error(`R4 has a search parameter ${type}.${code}`);
    }
    return hash64(keyOf(paramName(param), resourceForm(target, id)), this.#engine.hashSeed);
  }

  /** The id that a reference to a type of this server has. */
  #id(reference: Reference | undefined, type: string): string | undefined {
    const parsed =
      reference?.reference === undefined ? undefined : parseReference(reference.reference, this.#engine.baseUrl);
    return parsed?.kind === 'relative' && parsed.type === type ? parsed.id : undefined;
  }
}

function isEpisode(resource: Resource | undefined): resource is EpisodeOfCare {
  return resource?.resourceType === 'EpisodeOfCare';
}
