import type { CodeSystem, CodeSystemConceptProperty, ValueSetComposeIncludeFilter } from '@medplum/fhirtypes';
import { RE2JS } from 're2js';
import { above, below, type Hierarchy, isTaxonomy } from './hierarchy.ts';

type CodeTest = (code: string) => boolean;

/**
 * What a filter of a value set demands of a code (R4 value set filter-operator): on `concept` or `code` all operators, on
 * other properties that the code system declares all that do not ask for a hierarchy. Undefined for all else: such a value
 * set cannot be listed here. A code with several values of a property has what one of them has.
 */
export function filterTest(
  { property = '', op, value = '' }: ValueSetComposeIncludeFilter,
  codeSystem: CodeSystem,
  hierarchy: Hierarchy,
): CodeTest | undefined {
  if (property === 'concept' || property === 'code') {
    return conceptTest(op, value, codeSystem, hierarchy);
  }
  if (codeSystem.property?.some(({ code }) => code === property) !== true) {
    return undefined;
  }
  const values = (code: string): string[] =>
    (hierarchy.concepts.get(code)?.property ?? []).flatMap((each) =>
      each.code === property ? String(each.valueCoding?.code ?? valueIn(each)) : [],
    );
  if (op === 'exists') {
    return value === 'true' || value === 'false' ? (code) => values(code).length > 0 === (value === 'true') : undefined;
  }
  const test = textTest(op === 'not-in' ? 'in' : op, value);
  // Not in: none of the values is, and a code without the property has none.
  return test && ((code) => values(code).some(test) === (op !== 'not-in'));
}

function conceptTest(
  op: ValueSetComposeIncludeFilter['op'],
  value: string,
  codeSystem: CodeSystem,
  hierarchy: Hierarchy,
): CodeTest | undefined {
  const textual = op === 'not-in' ? textTest('in', value) : textTest(op, value);
  if (textual !== undefined) {
    return op === 'not-in' ? (code) => !textual(code) : textual;
  }
  if (op === 'exists') {
    return value === 'true' ? () => true : value === 'false' ? () => false : undefined;
  }
  if (!isTaxonomy(codeSystem) || !hierarchy.concepts.has(value)) {
    return undefined;
  }
  const descendants = below(hierarchy, value);
  const ancestors = above(hierarchy, value);
  switch (op) {
    case 'is-a':
      return (code) => descendants.has(code);
    case 'descendent-of':
      return (code) => code !== value && descendants.has(code);
    case 'is-not-a':
      return (code) => !descendants.has(code);
    case 'generalizes':
      return (code) => ancestors.has(code);
    default:
      return undefined;
  }
}

/** What `=`, `in` and `regex` demand of a text; undefined for other operators, and for what is no regular expression. */
function textTest(op: ValueSetComposeIncludeFilter['op'], value: string): CodeTest | undefined {
  switch (op) {
    case '=':
      return (text) => text === value;
    case 'in': {
      const listed = new Set(value.split(',').map((each) => each.trim()));
      return (text) => listed.has(text);
    }
    case 'regex':
      return wholeMatch(value);
    default:
      return undefined;
  }
}

/** Runs in linear time, whatever the expression. */
function wholeMatch(expression: string): CodeTest | undefined {
  try {
    const pattern = RE2JS.compile(expression);
    return (text) => pattern.matcher(text).matches();
  } catch {
    return undefined;
  }
}

function valueIn(property: CodeSystemConceptProperty): unknown {
  return (
    property.valueCode ??
    property.valueString ??
    property.valueBoolean ??
    property.valueInteger ??
    property.valueDecimal ??
    property.valueDateTime
  );
}
