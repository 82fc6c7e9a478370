import type { IndexRows } from '../model/index-rows.ts';
import { isResourceType } from '../model/resource-types.ts';
import { codeForm, keyOf, paramName, resourceForm, systemCodeForm, uriForm } from '../search/keys.ts';
import type { SearchParameterDef, SearchParameters } from '../search/parameters.ts';

/** Tells whether a resource, by its index rows, meets criteria. */
export type Trigger = (type: string, rows: IndexRows) => boolean;

/**
 * Compiles search criteria such as `QuestionnaireResponse?questionnaire=…/hads&status=completed,amended` to a test on
 * index rows: token, reference and uri parameters, values joined by comma, parameters joined by &.
 *
 * @throws Error for criteria that cannot be tested so
 */
export function compileTrigger(parameters: SearchParameters, criteria: string): Trigger {
  const [type = '', search = ''] = criteria.split(/\?(.*)/s);
  if (!isResourceType(type)) {
    throw new Error(`trigger ${criteria}: there is no resource type ${type}`);
  }
  const tests = [...new URLSearchParams(search)].map(([code, value]) => {
    const param = parameters.get(type, code);
    if (param === undefined) {
      throw new Error(`trigger ${criteria}: ${type} has no search parameter ${code}`);
    }
    return new Set(value.split(',').flatMap((one) => keys(param, one, criteria)));
  });
  return (otherType, rows) => otherType === type && tests.every((wanted) => rows.tokens.some((key) => wanted.has(key)));
}

function keys(param: SearchParameterDef, value: string, criteria: string): string[] {
  const name = paramName(param);
  switch (param.kind) {
    case 'token': {
      const [system, code] = value.includes('|') ? (value.split('|') as [string, string]) : [undefined, value];
      return [keyOf(name, system === undefined ? codeForm(code) : systemCodeForm(system, code))];
    }
    case 'reference':
    case 'uri': {
      const [type = '', id, ...more] = value.split('/');
      return [keyOf(name, id && more.length === 0 && isResourceType(type) ? resourceForm(type, id) : uriForm(value))];
    }
    default:
      throw new Error(`trigger ${criteria}: parameters of type ${param.kind} cannot be tested on a write`);
  }
}
