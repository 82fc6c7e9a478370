import { isDeepStrictEqual } from 'node:util';
import type { Resource } from '@medplum/fhirtypes';
import rfc6902, { type Operation } from 'rfc6902';
import { error, FhirError, type Issue } from '../model/issue.ts';
import {
  parseKeepingNumbers,
  textKeepingNumbers,
  withKeptNumbers,
  withPlainNumbers,
} from '../model/json/number-sources.ts';
import type { StoredVersion } from '../model/stored.ts';
import type { ResourceText } from './types.ts';

/**
 * Applies RFC 6902 operations to the current version. Numbers, those that they bring too, keep their digits to the last
 * zero (see number-sources.ts).
 *
 * @throws FhirError 400 for operations that are not well formed, 422 for those that do not fit the resource
 */
export function applyPatch(current: StoredVersion, operations: readonly unknown[]): ResourceText {
  const wrong = operations.flatMap((operation, index) => problem(operation, index));
  if (wrong.length > 0) {
    throw new FhirError(400, wrong);
  }
  const document = parseKeepingNumbers(current.content);
  const results = (withKeptNumbers(operations) as Operation[]).map((operation) =>
    operation.op === 'test' ? tested(document, operation) : (rfc6902.applyPatch(document, [operation])[0] ?? null),
  );
  const failed = results.flatMap((result, index) =>
    result === null ? [] : [error('processing', `Operation ${index} does not fit the resource (${result.name}).`)],
  );
  if (failed.length > 0) {
    throw new FhirError(422, failed);
  }
  const text = textKeepingNumbers(document);
  const resource = JSON.parse(text) as Resource;
  if (resource.resourceType !== current.type || resource.id !== current.id) {
    throw new FhirError(422, [error('business-rule', 'A patch cannot change resourceType or id.')]);
  }
  return { resource, text };
}

/** `test` compares numbers by their value, whatever their digits (RFC 6902 section 4.6). */
function tested(document: unknown, { path, value }: { readonly path: string; readonly value: unknown }): Error | null {
  const found = rfc6902.Pointer.fromJSON(path).evaluate(document).value;
  const equal = isDeepStrictEqual(withPlainNumbers(found), withPlainNumbers(value));
  return equal ? null : Object.assign(new Error('test'), { name: found === undefined ? 'MissingError' : 'TestError' });
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
