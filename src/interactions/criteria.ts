import type { Caller } from '../model/caller.ts';
import { fhirError } from '../model/issue.ts';
import type { Queryable } from '../model/queryable.ts';
import type { StoredVersion } from '../model/stored.ts';
import type { Engine } from './engine.ts';
import type { Query } from './types.ts';

/** Criteria in a form that is equal for equal criteria, whatever their order and what stands beside them. */
export function criteriaKey(type: string, criteria: Query): string {
  return `${type}?${selecting(criteria)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('&')}`;
}

/** Parameters that shape an answer. They select nothing, and must not hide one of several matches. */
const SHAPE =
  /^_(?:type|sort|count|offset|page|total|include|revinclude|summary|elements|fields|format|pretty|contained|containedType)(?::|$)/;

/**
 * The one resource that criteria find.
 * @throws FhirError 412 where they find several, or are empty (they would select any resource)
 */
export async function theOne(
  engine: Engine,
  db: Queryable,
  caller: Caller,
  type: string,
  criteria: Query,
): Promise<StoredVersion | undefined> {
  const selection = selecting(criteria);
  if (selection.length === 0) {
    throw fhirError(412, 'required', `Criteria are needed to select a ${type}; an empty search would select any.`);
  }
  const page = await engine.search(db, caller, type, [...selection, ['_count', '2']], { lenient: false });
  if (page.matches.length > 1) {
    throw fhirError(412, 'multiple-matches', `The criteria select more than one ${type}; nothing was changed.`);
  }
  return page.matches[0];
}

function selecting(criteria: Query): Query {
  return criteria.filter(([name, value]) => value !== '' && !SHAPE.test(name));
}
