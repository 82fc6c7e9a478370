import { accessKey } from '../model/caller.ts';
import { fhirError } from '../model/issue.ts';
import { resourceTypes, typeNumber } from '../model/resource-types.ts';
import type { Rid } from '../model/rid.ts';
import { toStoredVersion, type VersionRow, versionColumns } from '../model/version-row.ts';
import { leadingDateParam } from '../search/extract/leading-date.ts';
import { hash64 } from '../search/hash64.ts';
import { keyOf, paramName, RANGE_FORM, resourceForm } from '../search/keys.ts';
import { read } from '../store/read.ts';
import { Reading } from '../store/reading.ts';
import { requireAtAll } from './at-all.ts';
import { type Context, database, type Engine } from './engine.ts';
import { countOf, firstValue, timeOf } from './query-values.ts';
import type { Interactions, Query } from './types.ts';
import { existing } from './writes.ts';

const COUNT = 200;

/** Patient/$everything: the patient and all that is in the patient's compartment, in the order of creation, by page. */
export function everything(context: Context): Pick<Interactions, 'everything'> {
  const { engine } = context;
  return {
    async everything(caller, patientId, query) {
      const db = database(context);
      requireAtAll(caller, 'read', 'Patient');
      const patient = existing(await read(db, caller, 'Patient', patientId), 'Patient');
      const binding = `everything ${accessKey(caller)} ${patientId}`;
      const token = firstValue(query, '_page');
      const after = token === undefined ? undefined : (engine.tokens.open(token, binding) as Rid);
      const types = typesOf(query);
      const count = countOf(query, { usual: COUNT, least: 1 });
      const hashes = engine
        .definitions()
        .compartment.map((param) =>
          hash64(keyOf(paramName(param), resourceForm('Patient', patientId)), engine.hashSeed),
        );
      const care = timeOfCare(engine, query);
      const reading = new Reading(caller, [
        hashes,
        after ?? 0,
        patient.rid,
        timeOf(query, '_since')?.lo ?? 0,
        types ?? null,
        count + 1,
        ...care.values,
      ]);
      const result = await db.query<VersionRow>(
        reading.unprepared(`select ${versionColumns('r')} from (
            select distinct t.rid from token_idx t where t.h = any($1::int8[]) and t.rid > $2) t
          join resource r on r.shard = ((t.rid >> 10) & 4095)::int2 and r.rid = t.rid
          where ${reading.permitted('search', 'r')} and not r.deleted and t.rid <> $3 and r.updated >= $4
            and ($5::int2[] is null or r.type = any($5::int2[])) ${care.condition}
          order by r.rid limit $6`),
      );
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

/**
 * `start` and `end` are about the dates of care (R4 operation-patient-everything.html): the time that a type's leading date
 * tells. What has no such date is always in scope.
 */
function timeOfCare(engine: Engine, query: Query): { condition: string; values: unknown[] } {
  const start = timeOf(query, 'start')?.lo;
  const end = timeOf(query, 'end')?.hi;
  if (start === undefined && end === undefined) {
    return { condition: '', values: [] };
  }
  const { parameters } = engine.definitions();
  const dates = resourceTypes.flatMap((type) => {
    const param = parameters.get(type, leadingDateParam(type) ?? '');
    return param === undefined ? [] : [hash64(keyOf(paramName(param), RANGE_FORM), engine.hashSeed)];
  });
  const dated = 'select 1 from range_idx d where d.rid = r.rid and d.h = any($7::int8[])';
  return {
    condition: `and (not exists (${dated}) or exists (${dated} and d.hi >= $8 and d.lo <= $9))`,
    values: [dates, start ?? Number.NEGATIVE_INFINITY, end ?? Number.POSITIVE_INFINITY],
  };
}

/** `_type` may stand several times, and names several types with commas. */
function typesOf(query: Query): readonly number[] | undefined {
  const names = query.flatMap(([name, value]) => (name === '_type' && value !== '' ? value.split(',') : []));
  return names.length === 0 ? undefined : names.map(numberOf);
}

function numberOf(type: string): number {
  const number = typeNumber(type);
  if (number === undefined) {
    throw fhirError(400, 'value', '_type names a resource type that FHIR R4 does not have.');
  }
  return number;
}
