import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A FHIR definition as it stands in the package: read with care, since nothing has validated it. */
export type Json = { readonly [name: string]: unknown };

const folder = fileURLToPath(new URL('../../../../node_modules/hl7.fhir.r4.examples/', import.meta.url));

/** Every resource of one type in npm `hl7.fhir.r4.examples` (official R4, CC0-1.0), ordered by file name. */
export function definitionsOfType(type: string): Json[] {
  return readdirSync(folder)
    .filter((file) => file.startsWith(`${type}-`) && file.endsWith('.json'))
    .sort()
    .map((file) => parse(readFileSync(join(folder, file), 'utf8')));
}

/** One resource of the package by type and id. */
export function definition(type: string, id: string): Json {
  return parse(readFileSync(join(folder, `${type}-${id}.json`), 'utf8'));
}

/** The objects of a list element; an absent element is an empty list. */
export function objects(of: Json, name: string): Json[] {
  const value = of[name];
  return Array.isArray(value) ? value.map(asObject) : [];
}

/** A string element; undefined if absent. */
export function text(of: Json, name: string): string | undefined {
  const value = of[name];
  return typeof value === 'string' ? value : undefined;
}

/** An object element; an empty object if absent. */
export function object(of: Json, name: string): Json {
  const value = of[name];
  return value === undefined ? {} : asObject(value);
}

/** The strings of a list element. */
export function texts(of: Json, name: string): string[] {
  const value = of[name];
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function parse(json: string): Json {
  return asObject(JSON.parse(json));
}

function asObject(value: unknown): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error('the definitions package holds a value that is not an object where one is expected');
  }
  return Object.fromEntries(Object.entries(value));
}
