import { readable } from '../model/caller.ts';
import { fhirError } from '../model/issue.ts';
import { typeNumber } from '../model/resource-types.ts';
import type { Rid } from '../model/rid.ts';
import { hash64 } from '../search/hash64.ts';
import { keyOf, paramName, resourceForm } from '../search/keys.ts';
import { read, toStoredVersion, type VersionRow, versionColumns } from '../store/read.ts';
import { type Context, database } from './engine.ts';
import type { Interactions, Query } from './types.ts';
import { existing } from './writes.ts';

const COUNT = 200;
const COUNT_MAX = 1000;

/** Patient/$everything: the patient and all that is in the patient's compartment, in the order of creation, by page. */
export function everything(context: Context): Pick<Interactions, 'everything'> {
  const { engine } = context;
  return {
    async everything(caller, patientId, query) {
      const db = database(context);
      const patient = existing(await read(db, caller, 'Patient', patientId), 'Patient');
      const binding = `everything ${caller.name} ${patientId}`;
      const token = parameter(query, '_page');
      const after = token === undefined ? undefined : (engine.tokens.open(token, binding) as Rid);
      const since = parameter(query, '_since');
      const types = parameter(query, '_type')?.split(',').map(numberOf);
      const count = countOf(query);
      const hashes = engine
        .definitions()
        .compartment.map((param) =>
          hash64(keyOf(paramName(param), resourceForm('Patient', patientId)), engine.hashSeed),
        );
      const result = await db.query<VersionRow>({
        text: `select ${versionColumns('r')} from (
            select distinct t.rid from token_idx t where t.h = any($1::int8[]) and t.rid > $2) t
          join resource r on r.shard = ((t.rid >> 10) & 4095)::int2 and r.rid = t.rid
          where ${readable(caller, 'r')} and not r.deleted and t.rid <> $3 and r.updated >= $4
            and ($5::int2[] is null or r.type = any($5::int2[]))
          order by r.rid limit $6`,
        values: [hashes, after ?? 0, patient.rid, since === undefined ? 0 : instant(since), types ?? null, count + 1],
      });
      const found = result.rows.map(toStoredVersion);
      const page = found.slice(0, count);
      const last = page.at(-1);
      const wanted = types === undefined || types.includes(numberOf('Patient'));
      return {
        matches: after === undefined && wanted ? [patient, ...page] : page,
        includes: [],
        ...(found.length > count && last ? { next: engine.tokens.seal(last.rid, binding) } : {}),
        used: query.filter(([name]) => name !== '_page'),
        notices: [],
      };
    },
  };
}

function parameter(query: Query, name: string): string | undefined {
  return query.find(([key, value]) => key === name && value !== '')?.[1];
}

function countOf(query: Query): number {
  const value = parameter(query, '_count');
  if (value !== undefined && !/^[1-9]\d{0,8}$/.test(value)) {
    throw fhirError(400, 'value', '_count needs a whole number, one or more.');
  }
  return value === undefined ? COUNT : Math.min(Number(value), COUNT_MAX);
}

function numberOf(type: string): number {
  const number = typeNumber(type);
  if (number === undefined) {
    throw fhirError(400, 'value', '_type names a resource type that FHIR R4 does not have.');
  }
  return number;
}

function instant(value: string): number {
  const time = Date.parse(value);
  if (Number.isNaN(time)) {
    throw fhirError(400, 'value', '_since needs an instant, such as 2026-03-02T08:00:00Z.');
  }
  return time;
}
