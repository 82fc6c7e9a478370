import type { Resource } from '@medplum/fhirtypes';
import rfc6902, { type Operation } from 'rfc6902';
import { error, FhirError, type Issue } from '../model/issue.ts';
import type { StoredVersion } from '../model/stored.ts';
import type { ResourceText } from './types.ts';

/**
 * Applies RFC 6902 operations to the current version. What they leave alone keeps its text, decimals to the last zero:
 * while they work, a number is a string with a mark that no JSON text here can hold (NUL is refused on the way in).
 *
 * @throws FhirError 400 for operations that are not well formed, 422 for those that do not fit the resource
 */
export function applyPatch(current: StoredVersion, operations: readonly unknown[]): ResourceText {
  const wrong = operations.flatMap((operation, index) => problem(operation, index));
  if (wrong.length > 0) {
    throw new FhirError(400, wrong);
  }
  const document = parseWithSources(current.content, (_key, value, { source }) =>
    typeof value === 'number' ? MARK + source : value,
  );
  const results = rfc6902.applyPatch(document, operations.map(marked) as Operation[]);
  const failed = results.flatMap((result, index) =>
    result === null ? [] : [error('processing', `Operation ${index} does not fit the resource (${result.name}).`)],
  );
  if (failed.length > 0) {
    throw new FhirError(422, failed);
  }
  const text = JSON.stringify(document).replace(MARKED, '$1');
  const resource = JSON.parse(text) as Resource;
  if (resource.resourceType !== current.type || resource.id !== current.id) {
    throw new FhirError(422, [error('business-rule', 'A patch cannot change resourceType or id.')]);
  }
  return { resource, text };
}

/** JSON.parse hands the source text of primitives to its reviver (ES2026); TypeScript's library does not know it yet. */
const parseWithSources = JSON.parse as (
  text: string,
  reviver: (key: string, value: unknown, context: { source: string }) => unknown,
) => unknown;

const MARK = '\u0000';
const MARKED = /"\\u0000([^"]*)"/g;

function marked(value: unknown): unknown {
  if (typeof value === 'number') {
    return MARK + String(value);
  }
  if (Array.isArray(value)) {
    return value.map(marked);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, marked(member)]));
  }
  return value;
}

const NAMES = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test']);

function problem(operation: unknown, index: number): Issue[] {
  const { op, path, from, value } = (operation ?? {}) as Record<string, unknown>;
  const pointer = (text: unknown): boolean => typeof text === 'string' && (text === '' || text.startsWith('/'));
  if (typeof op !== 'string' || !NAMES.has(op)) {
    return [error('value', `Operation ${index} has no op of RFC 6902 (add, remove, replace, move, copy, test).`)];
  }
  if (!pointer(path)) {
    return [error('value', `Operation ${index} needs a path that starts with a slash.`)];
  }
  if ((op === 'move' || op === 'copy') && !pointer(from)) {
    return [error('value', `Operation ${index} needs a from that starts with a slash.`)];
  }
  if ((op === 'add' || op === 'replace' || op === 'test') && value === undefined) {
    return [error('value', `Operation ${index} needs a value.`)];
  }
  return [];
}
