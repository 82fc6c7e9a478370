import type { Coding, Meta } from '@medplum/fhirtypes';
import { fhirError } from '../model/issue.ts';
import { resourceTypes, typeNumber } from '../model/resource-types.ts';
import type { SearchParameters } from '../search/parameters.ts';
import { Reading } from '../store/reading.ts';
import { requireAtAll } from './at-all.ts';
import { type Context, database } from './engine.ts';
import type { Interactions } from './types.ts';

/** The search parameters over profiles, security labels and tags. */
const PARAMETERS = ['_profile', '_security', '_tag'] as const;
/** Combinations of labels that resources have. Who labels each resource by itself has no use for a summary. */
const COMBINATIONS_MAX = 10_000;

/**
 * $meta of a type or of the system: the profiles, security labels and tags that its resources have, each once.
 *
 * Only resources that have any are read, as `resource.present` tells, and their meta is compared in the database. It is
 * still one look at each of them, limited as a search is by the connection's `statement_timeout`.
 */
export function labels(context: Context): Pick<Interactions, 'labels'> {
  return {
    async labels(caller, type) {
      if (type !== undefined) {
        requireAtAll(caller, 'search', type);
      }
      const { parameters } = context.engine.definitions();
      const types = type === undefined ? resourceTypes : [type];
      const reading = new Reading(caller, [
        types.map(typeNumber),
        ...PARAMETERS.map((code) => types.map((each) => ordinal(parameters, each, code))),
        COMBINATIONS_MAX + 1,
      ]);
      const result = await database(context).query<Combination>(
        reading.prepared(
          'labels',
          `select distinct l.profile, l.security, l.tag
          from unnest($1::int2[], $2::int8[], $3::int8[], $4::int8[]) as t (type, profile, security, tag)
          cross join lateral (
            select m.meta ->> 'profile' as profile, m.meta ->> 'security' as security, m.meta ->> 'tag' as tag
            from resource r cross join lateral (select r.content::json -> 'meta' as meta offset 0) m
            where r.type = t.type and not r.deleted and ${reading.permitted('search', 'r', { type })}
              and (${has('t.profile')} or ${has('t.security')} or ${has('t.tag')}) offset 0) l
          limit $5`,
        ),
      );
      if (result.rows.length > COMBINATIONS_MAX) {
        throw fhirError(400, 'too-costly', `There are more than ${COMBINATIONS_MAX} combinations of labels in use.`);
      }
      return summary(result.rows);
    },
  };
}

/** What a resource's meta holds of each, as JSON text. */
interface Combination {
  readonly profile: string | null;
  readonly security: string | null;
  readonly tag: string | null;
}

/** SQL that is true where the resource has a value for the parameter of this ordinal. */
function has(ordinal: string): string {
  return `case when octet_length(r.present) > ${ordinal} / 8 then get_bit(r.present, ${ordinal}) = 1 else false end`;
}

function ordinal(parameters: SearchParameters, type: string, code: string): number {
  const param = parameters.get(type, code);
  if (param === undefined) {
    throw new Error(`${type} has no search parameter ${code}`);
  }
  return param.ordinal;
}

function summary(combinations: readonly Combination[]): Meta {
  const profile = new Set(combinations.flatMap((each) => listed(each.profile)));
  const security = codings(combinations.map((each) => each.security));
  const tag = codings(combinations.map((each) => each.tag));
  return {
    ...(profile.size === 0 ? {} : { profile: [...profile].filter((url) => typeof url === 'string').sort() }),
    ...(security.length === 0 ? {} : { security }),
    ...(tag.length === 0 ? {} : { tag }),
  };
}

/** Codings with the same system and code are the same label (FHIR R4 resource-operation-meta-add.html). */
function codings(texts: readonly (string | null)[]): Coding[] {
  const found = new Map<string, Coding>();
  for (const coding of texts.flatMap(listed) as Coding[]) {
    const { system = '', code } = coding;
    const key = code === undefined ? JSON.stringify(coding) : `${system} ${code}`;
    const known = found.get(key);
    if (known === undefined || JSON.stringify(coding) < JSON.stringify(known)) {
      found.set(key, coding);
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, coding]) => coding);
}

function listed(text: string | null): unknown[] {
  const list: unknown = text === null ? [] : JSON.parse(text);
  return Array.isArray(list) ? list : [];
}
