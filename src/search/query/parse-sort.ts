import { fhirError } from '../../model/issue.ts';
import type { ResourceType } from '../../model/resource-types.ts';
import { leadingDateParam } from '../extract/leading-date.ts';
import { keyOf, paramName, RANGE_FORM, STRING_FORM } from '../keys.ts';
import { AGE_URL } from '../parameters.ts';
import { assertComplete } from './criterion.ts';
import type { SortKey } from './nodes.ts';
import type { ParseContext } from './parse-context.ts';
import { NotSupported, unknownParameter } from './refusals.ts';

/**
 * `_sort=-authored,_id`: by dates, numbers, quantities (by their number), strings, tokens, references and uris (by their
 * text), and by _id and _lastUpdated.
 */
export function parseSort(types: readonly ResourceType[], value: string, context: ParseContext): readonly SortKey[] {
  const keys = value.split(',').filter((each) => each !== '');
  const { sort_max } = context.limits;
  if (keys.length > sort_max) {
    throw fhirError(400, 'too-costly', `_sort may name at most ${sort_max} parameters.`);
  }
  return keys.map((each) => {
    const descending = each.startsWith('-');
    return { descending, by: sortBy(types, descending ? each.slice(1) : each, context) };
  });
}

function sortBy(types: readonly ResourceType[], code: string, context: ParseContext): SortKey['by'] {
  if (code === '_lastUpdated') {
    return { kind: 'updated' };
  }
  if (code === '_id') {
    return { kind: 'id' };
  }
  const [type] = types;
  if (type === undefined || types.length > 1) {
    throw new NotSupported('_sort', 'A search over several types can be sorted by _id and _lastUpdated only.');
  }
  const asked = context.parameters.get(type, code);
  if (asked === undefined) {
    throw unknownParameter(code, type, context.parameters);
  }
  // what several parameters find together is sorted by the first, the value of the resource itself
  const param = context.parameters.get(type, asked.unionOf?.[0] ?? code) ?? asked;
  assertComplete(param);
  if (param.url === AGE_URL) {
    throw new NotSupported('_sort', `${type} cannot be sorted by ${code}: sort by birthdate.`);
  }
  switch (param.kind) {
    case 'date':
    case 'number':
    case 'quantity':
      return {
        kind: 'range',
        key: keyOf(paramName(param), RANGE_FORM),
        leading: param.kind === 'date' && leadingDateParam(type) === param.keptAs,
      };
    case 'string':
      return { kind: 'string', key: keyOf(paramName(param), STRING_FORM) };
    case 'token':
    case 'reference':
    case 'uri':
      return { kind: 'content', param };
    default:
      throw new NotSupported('_sort', `${type} cannot be sorted by ${code}: it is a ${param.kind}.`);
  }
}
