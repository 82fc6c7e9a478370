import type { Bind, RowCondition } from '../../model/access.ts';
import { FhirError, fhirError } from '../../model/issue.ts';
import { isResourceType, type ResourceType } from '../../model/resource-types.ts';
import type { SearchParameters } from '../parameters.ts';
import { parseCriterion } from './criterion.ts';
import { holds, isRowCriterion, type RowCriterion } from './holds.ts';
import { searchLimits } from './limits.ts';
import type { Query } from './nodes.ts';
import type { ParseContext } from './parse-context.ts';
import { NotSupported, shortened } from './refusals.ts';
import { OwnPart } from './sql/own-part.ts';
import { probe } from './sql/probe.ts';

export interface RowConditionSettings {
  /** Setting hash_seed. */
  readonly hashSeed: string;
  /** The server's own base url, without a slash at the end. */
  readonly baseUrl: string;
}

/** Each is looked up for every resource that a caller is shown. */
const CRITERIA_MAX = 10;
const KEYS_MAX = 32;
const PLAIN = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/**
 * A condition on single resources from search criteria, all of which must hold: SMART's granular scopes
 * (`patient/Observation.rs?category=survey`; SMART App Launch 2.2, "Finer-grained resource constraints using search
 * parameters"). It is judged by the resource's own token, reference, uri, string, date, number, quantity and composite values.
 *
 * Whatever can not be judged so is refused, never passed over: what is not known, modifiers, chains, parameters without
 * a value, `_id`, `_lastUpdated` and the parameters that shape an answer, dates that are compared with now, and parameters
 * whose rows are not complete.
 *
 * @throws FhirError 400
 */
export function rowCondition(
  parameters: SearchParameters,
  type: string,
  criteria: Query,
  { hashSeed, baseUrl }: RowConditionSettings,
): RowCondition {
  if (!isResourceType(type)) {
    throw fhirError(400, 'not-supported', `There is no resource type "${shortened(type)}".`);
  }
  if (criteria.length === 0 || criteria.length > CRITERIA_MAX) {
    throw refusal(type, `it needs from one to ${CRITERIA_MAX} search parameters.`);
  }
  const context: ParseContext = {
    parameters,
    baseUrl,
    now: new Date(Number.NaN),
    lenient: false,
    limits: { ...searchLimits, values_max: KEYS_MAX, chain_max: 0 },
    notices: [],
    chained: { types: 0 },
  };
  const parts = criteria.map(([name, value]) => alternativesOf(context, type, name, value));
  return {
    key: `${type}?${new URLSearchParams(criteria.map(([name, value]): [string, string] => [name, value]))}`,
    sql(resource: string, bind: Bind): string {
      const statement = new OwnPart(hashSeed, resource, bind);
      const row = { rid: `${resource}.rid`, resource };
      return parts.map((any) => `(${any.map((each) => probe(statement, each, row)).join(' or ')})`).join(' and ');
    },
    holds: (otherType, rows) => otherType === type && parts.every((any) => any.some((each) => holds(each, rows))),
  };
}

/** The criteria of one parameter, of which one must hold: several where the parameter finds what several others find. */
function alternativesOf(
  context: ParseContext,
  type: ResourceType,
  name: string,
  value: string,
): readonly RowCriterion[] {
  if (!PLAIN.test(name)) {
    throw refusal(type, `"${shortened(name)}" is not the plain name of a search parameter.`);
  }
  if (value === '') {
    throw refusal(type, `${name} has no value.`);
  }
  const criterion = parsed(() => parseCriterion(type, name, value, context));
  const parts = criterion.kind === 'or' ? criterion.of : [criterion];
  const own = parts.filter(isRowCriterion);
  if (own.length === 0 || own.length < parts.length) {
    throw refusal(type, `${name} can not be judged by a resource alone.`);
  }
  if (
    own.some((part) => part.kind === 'range' && part.boxes.some(({ box }) => Object.values(box).some(Number.isNaN)))
  ) {
    throw refusal(type, `${name} is compared with now.`);
  }
  if (own.some((part) => part.kind === 'token' && part.keys.length > KEYS_MAX)) {
    throw refusal(type, `${name} names more than ${KEYS_MAX} values.`);
  }
  return own;
}

function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (failure) {
    if (failure instanceof NotSupported) {
      throw new FhirError(400, [{ severity: 'error', code: 'not-supported', diagnostics: failure.message }]);
    }
    throw failure;
  }
}

function refusal(type: string, reason: string): FhirError {
  return fhirError(400, 'not-supported', `A condition on ${shortened(type)} can not be used: ${reason}`);
}
