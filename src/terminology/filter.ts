import type { CodeSystem, CodeSystemConceptProperty, ValueSetComposeIncludeFilter } from '@medplum/fhirtypes';
import { above, below, type Hierarchy, isTaxonomy } from './hierarchy.ts';

/**
 * What a filter of a value set demands of a code (R4 value set filter-operator): on `concept` or `code` all operators but
 * `regex` and `exists`, on other properties that the code system declares `=`. Undefined for all else: such a value set
 * cannot be listed here.
 */
export function filterTest(
  { property = '', op, value = '' }: ValueSetComposeIncludeFilter,
  codeSystem: CodeSystem,
  hierarchy: Hierarchy,
): ((code: string) => boolean) | undefined {
  if (property === 'concept' || property === 'code') {
    return conceptTest(op, value, codeSystem, hierarchy);
  }
  const declared = codeSystem.property?.find(({ code }) => code === property);
  if (op !== '=' || declared === undefined || declared.type === 'Coding') {
    return undefined;
  }
  return (code) =>
    (hierarchy.concepts.get(code)?.property ?? []).some(
      (each) => each.code === property && String(valueIn(each)) === value,
    );
}

function conceptTest(
  op: ValueSetComposeIncludeFilter['op'],
  value: string,
  codeSystem: CodeSystem,
  hierarchy: Hierarchy,
): ((code: string) => boolean) | undefined {
  const listed = new Set(value.split(',').map((each) => each.trim()));
  switch (op) {
    case '=':
      return (code) => code === value;
    case 'in':
      return (code) => listed.has(code);
    case 'not-in':
      return (code) => !listed.has(code);
    default:
      break;
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
