import { isUtf8 } from 'node:buffer';
import { fhirError } from '../issue.ts';
import { jsonFault } from './fault.ts';
import { parseKeepingNumbers } from './number-sources.ts';
import { scan } from './scan.ts';

export interface JsonLimits {
  /** How deep objects and arrays may nest. */
  readonly depthMax: number;
}

/** Deeper than any FHIR resource in use: a response whose questions follow from answers fifty times over needs some 205. */
export const jsonLimits: JsonLimits = { depthMax: 256 };

export interface ParsedObject {
  readonly value: Readonly<Record<string, unknown>>;
  /** The same JSON as sent, insignificant whitespace dropped: decimals, element order and escapes untouched. */
  readonly text: string;
}

/**
 * Reads a JSON object strictly: RFC 8259 and UTF-8, no duplicate keys, no NUL, no lone surrogates, no key that
 * JavaScript gives a meaning. A byte order mark is dropped (RFC 8259 section 8.1 allows it).
 *
 * @throws FhirError 400 that tells where the fault is and never repeats the content
 */
export function parseJson(bytes: Buffer | string, limits: JsonLimits = jsonLimits): ParsedObject {
  const source = decoded(bytes);
  const text = scan(source, limits.depthMax);
  if (text.charCodeAt(0) !== 0x7b) {
    throw jsonFault(source, 0, 'the top level must be an object');
  }
  return { value: JSON.parse(text) as Record<string, unknown>, text };
}

/**
 * Reads a JSON Patch document, which is an array (RFC 6902 section 3), as strictly as parseJson reads an object. Its
 * numbers keep their digits (see number-sources.ts).
 */
export function parseJsonArray(bytes: Buffer | string, limits: JsonLimits = jsonLimits): readonly unknown[] {
  const source = decoded(bytes);
  const text = scan(source, limits.depthMax);
  if (text.charCodeAt(0) !== 0x5b) {
    throw jsonFault(source, 0, 'the top level must be an array');
  }
  return parseKeepingNumbers(text) as unknown[];
}

function decoded(bytes: Buffer | string): string {
  const source = typeof bytes === 'string' ? bytes : utf8(bytes);
  return source.charCodeAt(0) === 0xfeff ? source.slice(1) : source;
}

function utf8(bytes: Buffer): string {
  if (!isUtf8(bytes)) {
    throw fhirError(400, 'structure', `The JSON cannot be read: it is not UTF-8 from byte ${firstFault(bytes)} on.`);
  }
  return bytes.toString('utf8');
}

/** Where decoding and encoding again first differs; counted from 1. */
function firstFault(bytes: Buffer): number {
  const again = Buffer.from(bytes.toString('utf8'));
  let at = 0;
  while (at < bytes.length && bytes[at] === again[at]) {
    at += 1;
  }
  return at + 1;
}
