import { FhirError, fhirError, type Issue } from '../../model/issue.ts';
import { isResourceType, type ResourceType, resourceTypes } from '../../model/resource-types.ts';
import type { SearchParameters } from '../parameters.ts';
import { conjoined } from './conjoin.ts';
import { parseCriterion } from './criterion.ts';
import { filterCriteria } from './filter/filter.ts';
import { type SearchLimits, searchLimits } from './limits.ts';
import { mergeTypes } from './merge-types.ts';
import type { Criterion, Include, Query, SearchRequest, SortKey } from './nodes.ts';
import type { ParseContext } from './parse-context.ts';
import { parseInclude } from './parse-include.ts';
import { parseSort } from './parse-sort.ts';
import { badValue, NotSupported, shortened } from './refusals.ts';
import { hasNarrative } from './without-definition.ts';

export interface ParseOptions {
  /** `Prefer: handling=lenient`: what is not known is passed over and named in the notices. */
  readonly lenient: boolean;
  /** The server's own base url, without a slash at the end. */
  readonly baseUrl: string;
  readonly now: Date;
  readonly limits?: SearchLimits;
}

/** Parameters that shape the answer and are read by others than the search. */
const passedOver = new Set(['_format', '_pretty', '_summary', '_elements', '_fields']);

interface Draft {
  types: readonly ResourceType[];
  readonly where: Criterion[];
  sort: readonly SortKey[];
  count: number;
  offset: number;
  page: string | undefined;
  total: SearchRequest['total'];
  readonly includes: Include[];
}

/**
 * Reads a query: what is asked of resources of `type` (of the types in `_type`, or of every type, where it is undefined).
 * Parameters with an empty value are ignored, and so is, for a lenient client, what is not known; neither is in `used`.
 *
 * @throws FhirError 400 that names every fault
 */
export function parseSearch(
  parameters: SearchParameters,
  type: string | undefined,
  query: Query,
  options: ParseOptions,
): SearchRequest {
  const limits = options.limits ?? searchLimits;
  const context: ParseContext = { ...options, limits, parameters, notices: [], chained: { types: 0 } };
  if (query.length > limits.parameters_max) {
    throw fhirError(400, 'too-costly', `A search may have at most ${limits.parameters_max} parameters.`);
  }
  const draft: Draft = {
    types: typesOf(type, query),
    where: [],
    sort: [],
    count: limits.count_default,
    offset: 0,
    page: undefined,
    total: 'none',
    includes: [],
  };
  const used: (readonly [string, string])[] = [];
  const faults: Issue[] = [];
  for (const [name, value] of query) {
    if (value === '') {
      continue;
    }
    try {
      read(draft, name, value, context);
      used.push([name, value]);
    } catch (error) {
      const issue = faultOf(error, options.lenient);
      (issue.severity === 'error' ? faults : context.notices).push(issue);
    }
  }
  if (faults.length > 0) {
    throw new FhirError(400, faults);
  }
  return { ...draft, where: conjoined(draft.where), used, notices: context.notices };
}

function faultOf(error: unknown, lenient: boolean): Issue {
  if (error instanceof FhirError) {
    return error.issues[0] as Issue;
  }
  if (!(error instanceof NotSupported)) {
    throw error;
  }
  return lenient
    ? { severity: 'warning', code: 'not-supported', diagnostics: `Ignored: ${error.message}` }
    : { severity: 'error', code: 'not-supported', diagnostics: error.message };
}

function typesOf(type: string | undefined, query: Query): readonly ResourceType[] {
  const named = query
    .filter(([name, value]) => name === '_type' && value !== '')
    .flatMap(([, value]) => value.split(','));
  const types = [...new Set(type === undefined ? named : [type])];
  const unknown = types.find((each) => !isResourceType(each));
  if (unknown !== undefined) {
    throw fhirError(400, 'not-supported', `There is no resource type "${shortened(unknown)}".`);
  }
  return types.filter(isResourceType);
}

function read(draft: Draft, name: string, value: string, context: ParseContext): void {
  const { limits } = context;
  switch (name) {
    case '_type':
      return;
    case '_count':
      draft.count = countOf(value, context);
      return;
    case '_offset':
      draft.offset = integer(name, value);
      if (draft.offset > limits.offset_max) {
        throw fhirError(
          400,
          'too-costly',
          `_offset may be at most ${limits.offset_max}; follow the links to the next pages instead.`,
        );
      }
      return;
    case '_page':
      draft.page = value;
      return;
    case '_sort':
      draft.sort = parseSort(draft.types, value, context);
      return;
    case '_total':
      if (value !== 'none' && value !== 'estimate' && value !== 'accurate') {
        throw badValue(name, 'expected none, estimate or accurate');
      }
      draft.total = draft.total === 'accurate' ? 'accurate' : value;
      return;
    case '_contained':
    case '_containedType':
      contained(name, value);
      return;
    case '_query':
      throw new NotSupported(name, 'There are no named queries here: _query is not supported.');
    default:
      if (passedOver.has(name)) {
        return;
      }
      if (/^_(rev)?include(:|$)/.test(name)) {
        draft.includes.push(parseInclude(name, value, context));
        return;
      }
      draft.where.push(...criteria(draft.types, name, value, context));
  }
}

function criteria(
  types: readonly ResourceType[],
  name: string,
  value: string,
  context: ParseContext,
): readonly Criterion[] {
  if (name === '_filter') {
    return filterCriteria(types, value, context);
  }
  const [type] = types;
  if (type === undefined) {
    if (!/^_(id|lastUpdated|tag|profile|security|source|content|list|text)(:|$)/.test(name)) {
      throw new NotSupported(
        name,
        `A search over every type knows no parameter "${shortened(name)}"; name types by _type.`,
      );
    }
    const possible = name === '_text' ? resourceTypes.filter(hasNarrative) : resourceTypes;
    return [mergeTypes(possible.map((each) => parseCriterion(each, name, value, context)))];
  }
  return types.length === 1
    ? [parseCriterion(type, name, value, context)]
    : [mergeTypes(types.map((each) => parseCriterion(each, name, value, context)))];
}

/** Contained resources are not searched, which is what R4 has by default (search.html#contained). */
function contained(name: '_contained' | '_containedType', value: string): void {
  const [usual, ...others] = name === '_contained' ? ['false', 'true', 'both'] : ['container', 'contained'];
  if (others.includes(value)) {
    throw new NotSupported(name, `Contained resources are not searched: ${name} may be ${usual} only.`);
  }
  if (value !== usual) {
    throw badValue(name, `expected ${usual}`);
  }
}

function countOf(value: string, context: ParseContext): number {
  const count = integer('_count', value);
  const { count_max, count_asked_max } = context.limits;
  if (count > count_asked_max) {
    throw fhirError(
      400,
      'too-costly',
      `_count may be at most ${count_max}; follow the links to the next pages instead.`,
    );
  }
  if (count > count_max) {
    context.notices.push({
      severity: 'information',
      code: 'informational',
      diagnostics: `_count was limited to ${count_max}.`,
    });
    return count_max;
  }
  return count;
}

function integer(name: string, value: string): number {
  if (!/^\d{1,15}$/.test(value)) {
    throw badValue(name, 'expected a whole number of 0 or more');
  }
  return Number(value);
}
