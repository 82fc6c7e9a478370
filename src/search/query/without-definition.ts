import type { ResourceType } from '../../model/resource-types.ts';
import { alternatives } from './alternatives.ts';
import { parameterName } from './name.ts';
import type { Criterion, TextCriterion } from './nodes.ts';
import type { ParseContext } from './parse-context.ts';
import { badValue, NotSupported, shortened } from './refusals.ts';
import { unescaped } from './split.ts';
import { textTest } from './values/words.ts';

/** Resources that are no DomainResource: they have no narrative. */
const WITHOUT_NARRATIVE: ReadonlySet<ResourceType> = new Set(['Binary', 'Bundle', 'Parameters']);

export function hasNarrative(type: ResourceType): boolean {
  return !WITHOUT_NARRATIVE.has(type);
}

/** Whether a parameter has values that no FHIRPath expression tells. */
export function hasNoDefinition(code: string): code is '_text' | '_content' | '_list' {
  return code === '_text' || code === '_content' || code === '_list';
}

/**
 * What a parameter asks whose values no FHIRPath expression tells, of resources of a type: `_text`, `_content` and `_list`.
 * Undefined for every other.
 */
export function withoutDefinition(
  type: ResourceType,
  name: string,
  value: string,
  context: ParseContext,
): Criterion | undefined {
  const { code, modifier, chained } = parameterName(name);
  if (!hasNoDefinition(code)) {
    return undefined;
  }
  if (modifier !== undefined || chained !== undefined) {
    throw new NotSupported(code, `The search parameter ${code} has no modifier and no chain.`);
  }
  const values = alternatives(code, value, context).map(unescaped);
  if (code === '_list') return listed(type, values);
  if (!context.parameters.hasWords(type)) {
    throw new NotSupported(code, `What stands in a ${type} cannot be searched by its words: ${code} is not supported.`);
  }
  return text(type, code, values);
}

/** `_list=42` or `_list=List/42` (R4 search.html#list). */
function listed(type: ResourceType, values: readonly string[]): Criterion {
  const functional = values.find((value) => value.startsWith('$'));
  if (functional !== undefined) {
    throw new NotSupported(
      '_list',
      `The list ${shortened(functional)} is not kept here: name a List by its id, as in _list=42.`,
    );
  }
  const lists = values.map((value) => value.replace(/^List\//, ''));
  if (!lists.every((id) => /^[A-Za-z0-9.-]{1,64}$/.test(id))) {
    throw badValue('_list', 'expected the id of a List');
  }
  return { kind: 'list', lists, types: [type] };
}

function text(type: ResourceType, code: '_text' | '_content', values: readonly string[]): TextCriterion {
  if (code === '_text' && !hasNarrative(type)) {
    throw new NotSupported(code, `${type} has no narrative: _text is not supported.`);
  }
  const tests = values.map((value) => textTest(code, value));
  return {
    kind: 'text',
    of: code === '_text' ? 'narrative' : 'content',
    test: tests.length === 1 && tests[0] !== undefined ? tests[0] : { kind: 'or', of: tests },
  };
}
