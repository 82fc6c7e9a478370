import type { Resource } from '@medplum/fhirtypes';
import type { Rule } from '../../src/model/access.ts';
import { type Caller, systemCaller } from '../../src/model/caller.ts';
import { typeName } from '../../src/model/resource-types.ts';
import { idOfRid, shardOfRid } from '../../src/model/rid.ts';
import type { FhirServer } from '../../src/server/fhir-server.ts';
import type { TestDatabase } from '../kit/database.ts';

export const TYPES = [
  'Organization',
  'Location',
  'Patient',
  'EpisodeOfCare',
  'Observation',
  'Condition',
  'List',
  'Questionnaire',
  'QuestionnaireResponse',
] as const;

export const LABELS = [
  'Organization/h0',
  'Organization/h0 *',
  'Organization/h1',
  'Organization/h1 PlanDefinition/r',
  'ResearchStudy/n',
];

/** A number in [0, below), the same for the same seed. */
export type Dice = (below: number) => number;

export function dice(seed: number): Dice {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

// biome-ignore lint/suspicious/noExplicitAny: the oracle reads whatever elements it asks for
export type Content = any;

/** One version of a resource, as the tables hold it. */
export interface Row {
  readonly rid: string;
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly updated: number;
  readonly deleted: boolean;
  readonly patient: string | null;
  readonly anchor: string | null;
  readonly text: string;
  readonly content: Content;
}

/** All that is stored, read past every predicate. */
export interface World {
  readonly current: readonly Row[];
  readonly superseded: readonly Row[];
  readonly ties: ReadonlyMap<string, ReadonlySet<string>>;
  readonly restricted: ReadonlySet<string>;
}

const when = (day: number): string => `2026-0${1 + (day % 3)}-1${day % 9}T08:00:00Z`;

/** Stores some 130 resources with 40 superseded versions: referring across patients, moved, deleted, written again. */
export async function populate(fhir: FhirServer, seed: number): Promise<void> {
  const roll = dice(seed);
  const { interactions } = fhir;
  const put = async (resource: object): Promise<void> => {
    const { resourceType, id } = resource as { resourceType: string; id: string };
    const body = { resource: resource as Resource, text: JSON.stringify(resource) };
    await interactions.update(systemCaller, resourceType, { id }, body, {});
  };
  const patientRef = () => ({ reference: `Patient/p${roll(6)}` });
  const observation = (n: number): object => ({
    resourceType: 'Observation',
    id: `o${n}`,
    meta: { tag: [{ system: 'urn:t', code: `t${roll(5)}` }] },
    status: ['final', 'amended', 'registered'][roll(3)],
    ...(roll(3) === 0
      ? {}
      : {
          category: [
            {
              coding: [
                {
                  system: 'http://terminology.hl7.org/CodeSystem/observation-category',
                  code: ['survey', 'exam'][roll(2)],
                },
              ],
            },
          ],
        }),
    code: { coding: [{ system: 'urn:c', code: `c${roll(3)}` }], text: `measured${roll(4)} thing` },
    ...(roll(8) === 0 ? {} : { subject: patientRef() }),
    ...(roll(5) === 0 ? {} : { effectiveDateTime: when(roll(27)) }),
    valueQuantity: { value: roll(9), unit: '{score}', system: 'http://unitsofmeasure.org', code: '{score}' },
    // a level below ten refers to the level below it only: no path is longer than rounds of :iterate
    ...(n >= 12 && roll(2) === 0
      ? { derivedFrom: [{ reference: `Observation/o${Math.floor(n / 12) * 12 - 12 + roll(12)}` }] }
      : {}),
  });
  for (let n = 0; n < 4; n++) {
    await put({ resourceType: 'Organization', id: `h${n}`, name: `Hospital ${n}` });
    await put({
      resourceType: 'Location',
      id: `l${n}`,
      name: `Ward ${n}`,
      managingOrganization: { reference: `Organization/h${n % 3}` },
    });
  }
  for (let n = 0; n < 6; n++) {
    await put({
      resourceType: 'Patient',
      id: `p${n}`,
      gender: ['female', 'male'][n % 2],
      birthDate: `19${5 + (n % 4)}0-01-01`,
      name: [{ family: `Test${n % 3}` }],
      managingOrganization: { reference: `Organization/h${n % 3}` },
    });
  }
  for (let n = 0; n < 10; n++) {
    await put({
      resourceType: 'EpisodeOfCare',
      id: `e${n}`,
      status: ['active', 'finished'][roll(2)],
      patient: patientRef(),
      managingOrganization: { reference: `Organization/h${roll(3)}` },
    });
  }
  for (let n = 0; n < 48; n++) {
    await put(observation(n));
  }
  for (let n = 0; n < 10; n++) {
    await put({
      resourceType: 'Condition',
      id: `c${n}`,
      subject: patientRef(),
      code: { coding: [{ system: 'urn:c', code: `c${roll(3)}` }] },
      evidence: [{ detail: [{ reference: `Observation/o${roll(48)}` }] }],
    });
  }
  for (let n = 0; n < 6; n++) {
    await put({
      resourceType: 'List',
      id: `s${n}`,
      status: 'current',
      mode: 'working',
      subject: patientRef(),
      entry: Array.from({ length: 5 }, () => ({ item: { reference: `Observation/o${roll(48)}` } })),
    });
  }
  for (let n = 0; n < 3; n++) {
    await put({
      resourceType: 'Questionnaire',
      id: `q${n}`,
      url: `urn:q${n}`,
      version: '1',
      name: `Form${n}`,
      status: 'active',
      item: [{ linkId: 'a', type: 'string' }],
    });
  }
  const response = (n: number): object => ({
    resourceType: 'QuestionnaireResponse',
    id: `r${n}`,
    questionnaire: `urn:q${roll(3)}|1`,
    status: ['completed', 'in-progress'][roll(2)],
    subject: patientRef(),
    authored: when(roll(27)),
  });
  for (let n = 0; n < 16; n++) {
    await put(response(n));
  }
  for (let n = 0; n < 24; n++) {
    await put(observation(roll(48)));
    await put(response(roll(16)));
  }
  for (let n = 36; n < 48; n += 3) {
    // those of the last level are referred to by Lists and Conditions only, which rarely
    await interactions.delete(systemCaller, 'Observation', { id: `o${n}` }, {}).catch(() => undefined);
  }
  for (const n of [1, 5, 9]) {
    await interactions.delete(systemCaller, 'QuestionnaireResponse', { id: `r${n}` }, {});
  }
  await put(response(5));
  await interactions.delete(systemCaller, 'EpisodeOfCare', { id: 'e3' }, {});
}

/** Gives every version, now and before, an anchor by chance, ties to anchors, and restricts a patient now and then. */
export async function redistribute(database: TestDatabase, seed: number): Promise<void> {
  const roll = dice(seed);
  const { rows: sources } = await database.pool.query<{ rid: string }>(
    `select rid from resource where id ~ '^[ehp][0-9]+$' order by rid`,
  );
  const pool = sources.map(({ rid }) => rid);
  for (const table of ['resource', 'history']) {
    const { rows } = await database.pool.query<{ rid: string; version: number }>(
      `select rid, version from ${table} order by rid, version`,
    );
    const anchors = rows.map(() => (roll(8) === 0 ? null : (pool[roll(pool.length)] ?? null)));
    await database.pool.query(
      `update ${table} t set anchor = w.anchor from unnest($1::int8[], $2::int4[], $3::int8[]) w (rid, version, anchor)
       where t.rid = w.rid and t.version = w.version`,
      [rows.map(({ rid }) => rid), rows.map(({ version }) => version), anchors],
    );
  }
  await database.pool.query('delete from tie');
  await database.pool.query('delete from restriction');
  for (const rid of pool) {
    for (const label of LABELS) {
      if (roll(4) === 0) {
        await database.pool.query('insert into tie (shard, rid, label, given) values ($1, $2, $3, false)', [
          shardOfRid(rid),
          rid,
          label,
        ]);
      }
    }
  }
  if (roll(2) === 0) {
    await database.pool.query(
      `insert into restriction (shard, patient, since) select shard, rid, 0 from resource where id = $1 limit 1`,
      [`p${roll(6)}`],
    );
  }
}

export async function readWorld(database: TestDatabase): Promise<World> {
  const all = async (table: string): Promise<Row[]> => {
    const { rows } = await database.pool.query(`select * from ${table} order by rid, version`);
    return rows.map((row) => ({
      rid: row.rid,
      type: typeName(row.type),
      id: row.id ?? idOfRid(row.rid),
      version: row.version,
      updated: Number(row.updated),
      deleted: row.deleted,
      patient: row.patient,
      anchor: row.anchor,
      text: row.content,
      content: row.content === '' ? undefined : JSON.parse(row.content),
    }));
  };
  const ties = new Map<string, Set<string>>();
  for (const { rid, label } of (await database.pool.query<{ rid: string; label: string }>('select rid, label from tie'))
    .rows) {
    ties.set(rid, (ties.get(rid) ?? new Set()).add(label));
  }
  const restricted = await database.pool.query<{ patient: string }>('select patient from restriction');
  return {
    current: await all('resource'),
    superseded: await all('history'),
    ties,
    restricted: new Set(restricted.rows.map(({ patient }) => patient)),
  };
}

export function callerWith(rules: readonly Rule[]): Caller {
  const told = rules.map(({ where, ...rule }) => ({ ...rule, where: where?.map(({ key }) => key) }));
  return { name: 'chance', kind: 'client', access: { key: JSON.stringify(told), rules } };
}
