import { fold } from '../fold.ts';
import { compositeForm, keyOf, paramName, STRING_FORM, TWO_NUMBERS_FORM, uriForm } from '../keys.ts';
import type { SearchParameterDef } from '../parameters.ts';
import { boxesOf, boxesOfTwo } from './boxes.ts';
import type { Criterion, KeyedBox, StringValue } from './nodes.ts';
import type { ParseContext } from './parse-context.ts';
import { badValue, NotSupported } from './refusals.ts';
import { split, unescaped } from './split.ts';
import { numberTest } from './values/number.ts';
import { rangeForms } from './values/range-forms.ts';
import { searchedReferences } from './values/reference.ts';
import { namesSystemOnly, tokenForm } from './values/token.ts';

/** Composite values, `code$value`: the first component is compared for equality, the others by their own kind. */
export function compositeCriterion(
  param: SearchParameterDef,
  values: readonly string[],
  context: ParseContext,
): Criterion {
  const components = param.components ?? [];
  const name = paramName(param);
  const keys: string[] = [];
  const boxes: KeyedBox[] = [];
  const strings: StringValue[] = [];
  for (const value of values) {
    const parts = split(value, '$');
    if (parts.length !== components.length || parts.includes('')) {
      throw badValue(param.code, `expected ${components.length} values joined by $`);
    }
    const [first, second, third] = components.map(({ param: component }) => component);
    if (first === undefined || second === undefined || components.length > 3) {
      throw new NotSupported(param.code, `The composite parameter ${param.code} is not supported.`);
    }
    for (const form of equalityForms(first, parts[0] ?? '', context)) {
      const value = parts[1] ?? '';
      if (third !== undefined) {
        const key = keyOf(name, compositeForm(form, TWO_NUMBERS_FORM));
        const asked = boxesOfTwo(numberTest(param.code, value), numberTest(param.code, parts[2] ?? ''));
        boxes.push(...asked.map((box) => ({ key, box })));
      } else if (second.kind === 'string') {
        const exact = unescaped(value);
        const folded = fold(exact);
        if (folded !== '') {
          strings.push({ key: keyOf(name, compositeForm(form, STRING_FORM)), folded, exact });
        }
      } else if (second.kind === 'date' || second.kind === 'number' || second.kind === 'quantity') {
        for (const { form: rangeForm, ...asked } of rangeForms(second, value, context)) {
          const key = keyOf(name, compositeForm(form, rangeForm));
          boxes.push(...boxesOf(asked.prefix, asked).map((box) => ({ key, box })));
        }
      } else {
        for (const other of equalityForms(second, value, context)) {
          keys.push(keyOf(name, compositeForm(form, other)));
        }
      }
    }
  }
  if (boxes.length > 0) {
    return { kind: 'range', boxes, single: false };
  }
  if (strings.length > 0) {
    return { kind: 'string', match: 'prefix', values: strings };
  }
  return { kind: 'token', keys, few: false };
}

function equalityForms(param: SearchParameterDef, value: string, context: ParseContext): readonly string[] {
  switch (param.kind) {
    case 'token': {
      const form = tokenForm(param, value);
      if (namesSystemOnly(form)) {
        throw badValue(param.code, 'expected a code in each part of a composite, not a system alone');
      }
      return [form];
    }
    case 'reference':
      return searchedReferences(param, undefined, value, context.baseUrl).map(({ form }) => form);
    case 'uri':
      return [uriForm(unescaped(value))];
    default:
      throw new NotSupported(param.code, `A composite of ${param.kind} values is not supported.`);
  }
}
