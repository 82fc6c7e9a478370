import { isDeepStrictEqual } from 'node:util';
import type { Resource } from '@medplum/fhirtypes';
import rfc6902, { type Operation } from 'rfc6902';
import { error, FhirError, fhirError, type Issue } from '../model/issue.ts';
import {
  parseKeepingNumbers,
  textKeepingNumbers,
  withKeptNumbers,
  withPlainNumbers,
} from '../model/json/number-sources.ts';
import type { StoredVersion } from '../model/stored.ts';
import type { ResourceText } from './types.ts';

/** More than a resource has places to change, usually. */
const OPERATIONS_MAX = 10_000;
/** Sixty operations that copy a value into itself make 2^60 of it: copies and comparisons have a limit, in characters. */
const WORK_MAX = 16 * 2 ** 20;

/**
 * Applies RFC 6902 operations to the current version. Numbers, those that they bring too, keep their digits to the last
 * zero (see number-sources.ts).
 *
 * @throws FhirError 400 for operations that are not well formed, 422 for those that do not fit the resource or cost more
 *   than a patch may
 */
export function applyPatch(current: StoredVersion, operations: readonly unknown[]): ResourceText {
  if (operations.length > OPERATIONS_MAX) {
    throw tooCostly(`A patch may have at most ${OPERATIONS_MAX} operations; send the changed resource by PUT.`);
  }
  const wrong = operations.flatMap((operation, index) => problem(operation, index));
  if (wrong.length > 0) {
    throw new FhirError(400, wrong);
  }
  const document = parseKeepingNumbers(current.content);
  let room = WORK_MAX;
  const results = (withKeptNumbers(operations) as Operation[]).map((operation) => {
    if (!finds(document, operation)) {
      return missing();
    }
    room -= workOf(document, operation);
    if (room < 0) {
      throw tooCostly(`A patch may copy and test values of at most ${WORK_MAX} characters; send the resource by PUT.`);
    }
    return operation.op === 'test'
      ? tested(document, operation)
      : (rfc6902.applyPatch(document, [operation])[0] ?? null);
  });
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
  const equal = isDeepStrictEqual(withPlainNumbers(valueAt(document, path)), withPlainNumbers(value));
  return equal ? null : Object.assign(new Error('test'), { name: 'TestError' });
}

/** Whether what an operation names is there, and where it puts something is a place for it. */
function finds(document: unknown, operation: Operation): boolean {
  if ('from' in operation && valueAt(document, operation.from) === undefined) {
    return false;
  }
  if (operation.op === 'remove' || operation.op === 'replace' || operation.op === 'test') {
    return valueAt(document, operation.path) !== undefined;
  }
  const slash = operation.path.lastIndexOf('/');
  const container = slash < 0 ? undefined : valueAt(document, operation.path.slice(0, slash));
  return Array.isArray(container)
    ? /^(?:-|0|[1-9]\d*)$/.test(operation.path.slice(slash + 1))
    : typeof container === 'object' && container !== null;
}

/**
 * The value at a pointer: undefined where a step is neither a member of an object nor a place of an array (RFC 6901 section
 * 4), as the length of a list or what objects inherit, which the library would find.
 */
function valueAt(document: unknown, pointer: string): unknown {
  let at: unknown = document;
  for (const token of rfc6902.Pointer.fromJSON(pointer).tokens.slice(1)) {
    const known = Array.isArray(at) ? /^(?:0|[1-9]\d*)$/.test(token) : typeof at === 'object' && at !== null;
    at = known && Object.hasOwn(at as object, token) ? (at as Record<string, unknown>)[token] : undefined;
  }
  return at;
}

function missing(): Error {
  return Object.assign(new Error('missing'), { name: 'MissingError' });
}

/** How much an operation makes, or looks at, of what the document holds already: characters of its text. */
function workOf(document: unknown, operation: Operation): number {
  const place = operation.op === 'copy' ? operation.from : operation.op === 'test' ? operation.path : undefined;
  const value: unknown = place === undefined ? undefined : valueAt(document, place);
  return value === undefined ? 0 : textKeepingNumbers(value).length;
}

function tooCostly(text: string): FhirError {
  return fhirError(422, 'too-costly', text);
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
