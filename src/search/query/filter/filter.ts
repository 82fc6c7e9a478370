import { fhirError } from '../../../model/issue.ts';
import type { ResourceType } from '../../../model/resource-types.ts';
import { chain, knownParameter } from '../criterion.ts';
import { parameterName } from '../name.ts';
import type { Criterion } from '../nodes.ts';
import type { ParseContext } from '../parse-context.ts';
import { badValue, NotSupported } from '../refusals.ts';
import { compared } from './compared.ts';
import { type Filter, type FilterTest, type PathStep, parseFilter } from './grammar.ts';

/**
 * `_filter` (R4 search_filter.html): the criteria that it makes of the search parameters. What it joins by `and` stands apart, so
 * that each can be the way to the matches.
 *
 * @throws NotSupported for what the server does not know, FhirError 400 for what cannot be read
 */
export function filterCriteria(
  types: readonly ResourceType[],
  value: string,
  context: ParseContext,
): readonly Criterion[] {
  const [type] = types;
  if (type === undefined || types.length > 1) {
    throw new NotSupported('_filter', '_filter needs one resource type, as in Patient?_filter=…');
  }
  const filter = parseFilter(value, context.limits.parameters_max);
  const parts = filter.kind === 'and' ? filter.of : [filter];
  return parts.map((each) => filterCriterion(type, each, context, 0));
}

function filterCriterion(type: ResourceType, filter: Filter, context: ParseContext, depth: number): Criterion {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { kind: filter.kind, of: filter.of.map((each) => filterCriterion(type, each, context, depth)) };
    case 'not':
      return { kind: 'not', of: filterCriterion(type, filter.of, context, depth) };
    case 'test':
      return testCriterion(type, filter, context, depth);
  }
}

/** `a.b pr false` says that nothing is found by a.b, not that some a has no b. */
function testCriterion(type: ResourceType, test: FilterTest, context: ParseContext, depth: number): Criterion {
  if (test.operator !== 'pr') {
    return pathCriterion(type, test.path, test, context, depth);
  }
  if (test.value !== 'true' && test.value !== 'false') {
    throw badValue('_filter', 'expected true or false after pr');
  }
  const present = pathCriterion(type, test.path, { ...test, value: 'true' }, context, depth);
  return test.value === 'true' ? present : { kind: 'not', of: present };
}

function pathCriterion(
  type: ResourceType,
  [step, ...rest]: readonly PathStep[],
  test: FilterTest,
  context: ParseContext,
  depth: number,
): Criterion {
  if (depth > context.limits.chain_max) {
    throw fhirError(400, 'too-costly', `A chain may have at most ${context.limits.chain_max} links.`);
  }
  const { code, modifier } = parameterName(step?.name ?? '');
  if (rest.length === 0) {
    if (modifier !== undefined) {
      throw new NotSupported(code, `In a _filter, ${code} has no modifier: it has comparisons.`);
    }
    return compared(type, code, test, context);
  }
  return chain(knownParameter(type, code, context), modifier, context, (target) => {
    const inner = pathCriterion(target, rest, test, context, depth + 1);
    return step?.filter === undefined
      ? inner
      : { kind: 'and', of: [filterCriterion(target, step.filter, context, depth + 1), inner] };
  });
}
