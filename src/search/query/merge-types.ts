import { fhirError } from '../../model/issue.ts';
import type { Criterion } from './nodes.ts';

/**
 * One criterion out of the criteria of several types for the same parameter. Keys begin with their type, so a key of one
 * type finds nothing of another, and lists can simply be joined.
 */
export function mergeTypes(criteria: readonly Criterion[]): Criterion {
  return criteria.reduce(merge);
}

function merge(a: Criterion, b: Criterion): Criterion {
  if (a.kind === 'token' && b.kind === 'token') {
    return { kind: 'token', keys: [...a.keys, ...b.keys], few: a.few && b.few };
  }
  if (a.kind === 'range' && b.kind === 'range') {
    return { kind: 'range', boxes: [...a.boxes, ...b.boxes], single: a.single && b.single };
  }
  if (a.kind === 'string' && b.kind === 'string' && a.match === b.match) {
    return { ...a, values: [...a.values, ...b.values] };
  }
  if (a.kind === 'missing' && b.kind === 'missing') {
    return { ...a, places: [...a.places, ...b.places] };
  }
  if (a.kind === 'concepts' && b.kind === 'concepts') {
    return { ...a, names: [...a.names, ...b.names] };
  }
  if (a.kind === 'list' && b.kind === 'list') {
    return { ...a, types: [...a.types, ...b.types] };
  }
  if (a.kind === 'not' && b.kind === 'not') {
    return { kind: 'not', of: merge(a.of, b.of) };
  }
  if (a.kind === 'id' || a.kind === 'updated' || a.kind === 'text') {
    return a;
  }
  if (a.kind === 'not' || b.kind === 'not') {
    throw fhirError(400, 'not-supported', 'This parameter means different things for the types that are searched.');
  }
  return { kind: 'or', of: [a, b] };
}
