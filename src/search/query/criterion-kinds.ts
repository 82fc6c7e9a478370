import { isResourceType } from '../../model/resource-types.ts';
import { fold } from '../fold.ts';
import {
  identifierForm,
  keyOf,
  paramName,
  STRING_FORM,
  TEXT_FORM,
  TWO_NUMBERS_FORM,
  URI_TEXT_FORM,
  uriForm,
} from '../keys.ts';
import type { SearchParameterDef } from '../parameters.ts';
import { boxesOf } from './boxes.ts';
import { compositeCriterion } from './composite.ts';
import type { Criterion, StringCriterion, TokenCriterion } from './nodes.ts';
import { rarelyReferred } from './of-patient.ts';
import { hasOneValue } from './one-value.ts';
import type { ParseContext } from './parse-context.ts';
import { NotSupported } from './refusals.ts';
import { unescaped } from './split.ts';
import { circle } from './values/near.ts';
import { rangeForms } from './values/range-forms.ts';
import { searchedReferences } from './values/reference.ts';
import { identifierOfTypeForm, namesSystemOnly, tokenForm } from './values/token.ts';
import { uriAncestors } from './values/uri.ts';

/** More alternatives than this are no longer taken to match few resources. */
const FEW_VALUES = 20;

/** What the values of a parameter ask, by the parameter's kind; a modifier that the kind does not have is refused. */
export function byKind(
  param: SearchParameterDef,
  modifier: string | undefined,
  values: readonly string[],
  context: ParseContext,
): Criterion {
  switch (param.kind) {
    case 'token':
      return token(param, modifier, values);
    case 'reference':
      return reference(param, modifier, values, context);
    case 'uri':
      return uri(param, modifier, values);
    case 'string':
      return string(param, modifier, values);
    case 'date':
    case 'number':
    case 'quantity':
      refuse(param, modifier);
      return {
        kind: 'range',
        boxes: values.flatMap((value) =>
          rangeForms(param, value, context).flatMap(({ form, ...asked }) =>
            boxesOf(asked.prefix, asked).map((box) => ({ key: keyOf(paramName(param), form), box })),
          ),
        ),
        single: hasOneValue(param),
      };
    case 'composite':
      refuse(param, modifier);
      return compositeCriterion(param, values, context);
    case 'special':
      refuse(param, modifier);
      return {
        kind: 'near',
        key: keyOf(paramName(param), TWO_NUMBERS_FORM),
        circles: values.map((value) => circle(param.code, value)),
      };
  }
}

function token(param: SearchParameterDef, modifier: string | undefined, values: readonly string[]): Criterion {
  const name = paramName(param);
  switch (modifier) {
    case undefined:
    case 'not': {
      const forms = values.map((value) => tokenForm(param, value));
      const criterion: TokenCriterion = {
        kind: 'token',
        keys: unique(forms.map((form) => keyOf(name, form))),
        few: param.code === 'identifier' && forms.length <= FEW_VALUES && !forms.some(namesSystemOnly),
      };
      return modifier === 'not' ? { kind: 'not', of: criterion } : criterion;
    }
    case 'of-type':
      return tokens(
        values.map((value) => keyOf(name, identifierOfTypeForm(param, value))),
        true,
      );
    case 'text':
      return strings(param, 'prefix', TEXT_FORM, values);
    case 'in':
    case 'not-in':
    case 'above':
    case 'below': {
      const criterion: Criterion = {
        kind: 'concepts',
        relation: modifier === 'not-in' ? 'in' : modifier,
        names: [{ name, impliedSystem: param.impliedSystem }],
        code: param.code,
        values: values.map(unescaped),
      };
      return modifier === 'not-in' ? { kind: 'not', of: criterion } : criterion;
    }
    default:
      return refuse(param, modifier);
  }
}

function reference(
  param: SearchParameterDef,
  modifier: string | undefined,
  values: readonly string[],
  context: ParseContext,
): Criterion {
  const name = paramName(param);
  if (modifier === 'identifier') {
    return tokens(
      values.map((value) => keyOf(name, identifierForm(tokenForm(param, value)))),
      true,
    );
  }
  if (modifier !== undefined && modifier !== 'not' && !isResourceType(modifier)) {
    return refuse(param, modifier);
  }
  const type = modifier !== undefined && isResourceType(modifier) ? modifier : undefined;
  const found = values.flatMap((value) => searchedReferences(param, type, value, context.baseUrl));
  const few =
    values.length <= FEW_VALUES && found.every((each) => each.type !== undefined && rarelyReferred(each.type));
  const criterion = tokens(unique(found.map(({ form }) => keyOf(name, form))), few);
  return modifier === 'not' ? { kind: 'not', of: criterion } : criterion;
}

function uri(param: SearchParameterDef, modifier: string | undefined, values: readonly string[]): Criterion {
  const name = paramName(param);
  const uris = values.map(unescaped);
  switch (modifier) {
    case undefined:
    case 'not': {
      const criterion = tokens(unique(uris.map((each) => keyOf(name, uriForm(each)))), false);
      return modifier === 'not' ? { kind: 'not', of: criterion } : criterion;
    }
    case 'above':
      return tokens(
        unique(uris.flatMap((each) => uriAncestors(param.code, each).map((above) => keyOf(name, uriForm(above))))),
        false,
      );
    case 'below':
      return {
        kind: 'string',
        match: 'exact-prefix',
        values: uris.map((each) => ({ key: keyOf(name, URI_TEXT_FORM), folded: each, exact: each })),
      };
    default:
      return refuse(param, modifier);
  }
}

function string(param: SearchParameterDef, modifier: string | undefined, values: readonly string[]): Criterion {
  switch (modifier) {
    case undefined:
      return strings(param, 'prefix', STRING_FORM, values);
    case 'not':
      return { kind: 'not', of: strings(param, 'prefix', STRING_FORM, values) };
    case 'exact':
    case 'contains':
      return strings(param, modifier, STRING_FORM, values);
    default:
      return refuse(param, modifier);
  }
}

function strings(
  param: SearchParameterDef,
  match: StringCriterion['match'],
  form: string,
  values: readonly string[],
): StringCriterion {
  const key = keyOf(paramName(param), form);
  return {
    kind: 'string',
    match,
    // Of blanks and accents alone nothing is left to compare: that is asked of nobody, not of everybody.
    values: values.flatMap((value) => {
      const exact = unescaped(value);
      const folded = fold(exact);
      return folded === '' && match !== 'exact' ? [] : [{ key, folded, exact }];
    }),
  };
}

function tokens(keys: readonly string[], few: boolean): TokenCriterion {
  return { kind: 'token', keys, few: few && keys.length <= FEW_VALUES };
}

function unique(keys: readonly string[]): readonly string[] {
  return keys.length < 2 ? keys : [...new Set(keys)];
}

function refuse(param: SearchParameterDef, modifier: string | undefined): never;
function refuse(param: SearchParameterDef, modifier: undefined): void;
function refuse(param: SearchParameterDef, modifier: string | undefined): void {
  if (modifier !== undefined) {
    throw new NotSupported(
      `${param.code}:${modifier}`,
      `The search parameter ${param.code} (${param.kind}) of ${param.type} does not have the modifier :${modifier.slice(0, 64)}.`,
    );
  }
}
