import type { ResourceType } from '../../../model/resource-types.ts';
import { fold } from '../../fold.ts';
import { keyOf, paramName, RANGE_FORM, STRING_FORM, URI_TEXT_FORM } from '../../keys.ts';
import type { SearchKind, SearchParameterDef } from '../../parameters.ts';
import { boxesOf } from '../boxes.ts';
import { knownParameter, parseCriterion } from '../criterion.ts';
import type { Criterion, StringCriterion } from '../nodes.ts';
import type { ParseContext } from '../parse-context.ts';
import { NotSupported } from '../refusals.ts';
import { dateTest } from '../values/date.ts';
import { hasNoDefinition } from '../without-definition.ts';
import type { FilterTest, Operator } from './grammar.ts';

/**
 * Comparisons that an ordinary parameter makes as well: by the modifier and the prefix that say the same. Of tokens R4 says that
 * values are never case-sensitive; here they are what they are in every other search.
 */
const ordinary: Record<
  SearchKind,
  Partial<Record<Operator, { readonly modifier?: string; readonly prefix?: string }>>
> = {
  token: {
    eq: {},
    in: { modifier: 'in' },
    ni: { modifier: 'not-in' },
    ss: { modifier: 'below' },
    sb: { modifier: 'above' },
  },
  reference: { eq: {}, re: {} },
  uri: { eq: {}, re: {}, sw: { modifier: 'below' } },
  composite: { eq: {} },
  special: { eq: {} },
  string: {},
  date: prefixed(['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap']),
  number: prefixed(['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap']),
  quantity: prefixed(['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap']),
};

function prefixed(operators: readonly Operator[]): Partial<Record<Operator, { readonly prefix: string }>> {
  return Object.fromEntries(operators.map((operator) => [operator, { prefix: operator }]));
}

const matches: Partial<Record<Operator, StringCriterion['match']>> = {
  eq: 'whole',
  ne: 'other',
  co: 'contains',
  sw: 'prefix',
  ew: 'suffix',
};

/** What `code operator value` asks of resources of a type. @throws NotSupported where a parameter has no such comparison */
export function compared(
  type: ResourceType,
  code: string,
  { operator, value }: FilterTest,
  context: ParseContext,
): Criterion {
  const asked = (modifier: string | undefined, text: string): Criterion =>
    parseCriterion(type, modifier === undefined ? code : `${code}:${modifier}`, text, context);
  if (operator === 'pr') {
    return asked('missing', value === 'true' ? 'false' : 'true');
  }
  // There are no alternatives in a filter's value: a comma is a comma.
  const literal = value.replaceAll(',', '\\,');
  if (hasNoDefinition(code) && (operator === 'eq' || operator === 'co')) {
    return asked(undefined, literal);
  }
  const param = knownParameter(type, code, context);
  const { kind } = param;
  const same = ordinary[kind][operator];
  if (same !== undefined) {
    return asked(same.modifier, `${same.prefix ?? ''}${literal}`);
  }
  if (kind === 'date' && operator === 'po') {
    return overlapping(param, value, context, asked);
  }
  if (operator === 'ne' && (kind === 'token' || kind === 'reference' || kind === 'uri')) {
    // Postings tell that a value is there, not that another one is: there are values, and none of them is this one.
    return { kind: 'and', of: [asked('missing', 'false'), { kind: 'not', of: asked(undefined, literal) }] };
  }
  const match = matches[operator];
  if (match !== undefined && kind === 'string') {
    return strings(param, match, STRING_FORM, fold(value), value);
  }
  if (match !== undefined && kind === 'uri') {
    return strings(param, match, URI_TEXT_FORM, value, value);
  }
  throw new NotSupported(code, `In a _filter, ${code} of ${type} (${kind}) cannot be compared by ${operator}.`);
}

function strings(
  param: SearchParameterDef,
  match: StringCriterion['match'],
  form: string,
  folded: string,
  exact: string,
): Criterion {
  const values = folded === '' ? [] : [{ key: keyOf(paramName(param), form), folded, exact }];
  return { kind: 'string', match, values };
}

/** The time that the date means, and a time in the resource, have something in common. */
function overlapping(
  param: SearchParameterDef,
  value: string,
  context: ParseContext,
  asked: (modifier: undefined, text: string) => Criterion,
): Criterion {
  if (param.code === '_lastUpdated') {
    return asked(undefined, `eq${value}`);
  }
  const key = keyOf(paramName(param), RANGE_FORM);
  const boxes = boxesOf('ap', dateTest(param.code, `eq${value}`, context.now)).map((box) => ({ key, box }));
  return { kind: 'range', boxes, single: false };
}
