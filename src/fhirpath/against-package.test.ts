import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { beforeAll, expect, test } from 'vitest';
import { searchParametersJson } from '../model/r4/r4.generated.js';
import type { SearchParameterData } from '../model/r4/search-parameter-data.ts';
import type { Invariant } from '../model/r4/structure.ts';
import { structures } from '../model/r4/structures.ts';
import { unionParts } from '../model/r4/union-parts.ts';
import { isObject, items, plain, TypedNode } from './collection.ts';
import { Navigator } from './navigation.ts';
import { r4FhirPath } from './r4.ts';
import { TypeModel } from './type-model.ts';

/**
 * Every search expression and every invariant of R4, evaluated by this engine and by the fhirpath package over the example
 * instances of the definitions package. SVAR_ALL_EXAMPLES=1 takes them all.
 */

interface Package {
  compile(path: unknown, model: unknown, options: object): (value: unknown, env: object) => unknown[];
  types(values: unknown[]): string[];
  resolveInternalTypes(values: unknown[]): unknown[];
}

const require = createRequire(import.meta.url);
const fhirpath: Package = require('fhirpath');
const r4: unknown = require('fhirpath/fhir-context/r4');
const folder = new URL('../../node_modules/hl7.fhir.r4.examples/', import.meta.url).pathname;
const EVERY = process.env.SVAR_ALL_EXAMPLES ? 1 : 4;
// To the package, 1e-22 equals 1e-245: Observation-decimal.json is about just that.
const DEFINITIONS =
  /^(?:Observation-decimal|SearchParameter|ValueSet|CodeSystem|StructureDefinition|ConceptMap|package|ig-r4)/;

const model = new TypeModel([...structures().values()]);
const navigator = new Navigator(model);
const compiled = new Map<string, ReturnType<Package['compile']>>();
let examples: { resourceType: string; id: string }[];

beforeAll(() => {
  examples = readdirSync(folder)
    .filter((file) => file.endsWith('.json') && !DEFINITIONS.test(file))
    .concat(['ValueSet-account-status.json', 'StructureDefinition-Period.json', 'ConceptMap-101.json'])
    .filter((file, index) => index % EVERY === 0 || /^(?:Questionnaire|Patient|Observation|V|S)/.test(file))
    .map((file) => JSON.parse(readFileSync(folder + file, 'utf8')));
});

/** The package takes `as` only of single items, where R4 uses it to filter: ofType() says what R4 means. */
function filtering(expression: string): string {
  return expression.replaceAll(/\.as\(/g, '.ofType(').replaceAll(/ as ([A-Za-z]+)/g, '.ofType($1)');
}

function packageRun(expression: string, base?: string): ReturnType<Package['compile']> {
  const key = `${base}\n${expression}`;
  let run = compiled.get(key);
  if (run === undefined) {
    const path = base === undefined ? filtering(expression) : { base, expression: filtering(expression) };
    run = fhirpath.compile(path, r4, { resolveInternalTypes: false, traceFn: () => {} });
    compiled.set(key, run);
  }
  return run;
}

/** Backbone elements have types of their own here; ids are System.String to the package. */
function row(type: string, value: unknown): string {
  return `${/\./.test(type) ? 'BackboneElement' : type === 'id' ? 'string' : type} ${JSON.stringify(value)}`;
}

function packageRows(values: unknown[]): string[] {
  const types = fhirpath.types(values);
  return fhirpath
    .resolveInternalTypes(values)
    .map(
      (value, index) => [(types[index] ?? '').replace('FHIR.', '').replace('System.String', 'string'), value] as const,
    )
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([type, value]) => row(type === 'System.Boolean' ? type : type.replace('System.', ''), value));
}

/** Part by part, since the package can't make a union of quantities that have a comparator. */
function packageSet(expression: string, example: unknown): string[] {
  const rows = unionParts(expression).flatMap((part) => packageRows(packageRun(part)(example, {})));
  return [...new Set(rows)].sort();
}

test('every search expression of R4 yields what the fhirpath package yields, with its types', () => {
  const data: SearchParameterData[] = JSON.parse(searchParametersJson);
  let compared = 0;
  for (const example of examples) {
    for (const { type, code, expression } of data) {
      // The package resolves references only by asking a server, and does not have hasExtension().
      if ((type !== example.resourceType && type !== 'Resource') || /resolve\(\)|hasExtension/.test(expression)) {
        continue;
      }
      const own = r4FhirPath().compile(expression, example.resourceType, { trusted: true });
      expect(own.engine, expression).toBe('own');
      const expected = packageSet(expression, example);
      const where = `${example.resourceType}/${example.id} ${code}`;
      const rows = own.evaluateTyped(example).map((each) => row(each.type, each.value));
      expect([...new Set(rows)].sort(), where).toEqual(expected);
      const env = { resource: example, rootResource: example, context: example };
      const parts = r4FhirPath().branches(expression, example.resourceType, { trusted: true });
      const found = parts.flatMap((part) =>
        items(part.run(example, env)).flatMap((item) => {
          const value = plain(item);
          return value === undefined ? [] : [row(item instanceof TypedNode ? item.type : part.type, value)];
        }),
      );
      expect([...new Set(found)].sort(), where).toEqual(expected);
      compared += 1;
    }
  }
  expect(compared).toBeGreaterThan(4000);
});

/** Invariants that the package can't judge, or judges otherwise than R4 means. */
const EXCEPT = new Set([
  'ctm-1', // resolve() asks a server
  'que-7', // `answer is Boolean` is R4's slip for boolean
  'eld-19', // the package makes `v` expressions, in which its pattern is not one
  'ras-1', // the package fails on a member of a decimal
]);

test('every invariant of R4 holds and fails as the fhirpath package says', () => {
  const met = new Map<string, number>();
  const check = (invariant: Invariant, type: string, value: unknown, resource: unknown, root: unknown): void => {
    const key = `${type} ${invariant.key}`;
    const times = met.get(key) ?? 0;
    met.set(key, times + 1);
    if (times > 8 || EXCEPT.has(invariant.key)) {
      return;
    }
    const own = r4FhirPath().compile(invariant.expression, type, { trusted: true });
    expect(own.engine, key).toBe(invariant.expression === 'htmlChecks()' ? 'package' : 'own');
    const env = { resource, rootResource: root, context: value };
    const base = model.isResource(type) ? undefined : type;
    const [expected] = fhirpath.resolveInternalTypes(packageRun(invariant.expression, base)(value, env));
    expect(own.test(value, env), `${key}: ${invariant.expression}`).toBe(expected);
  };
  const visit = (node: TypedNode, resource: unknown, root: unknown): void => {
    for (const type of model.ancestors(node.type)) {
      for (const invariant of structures().get(type)?.invariants ?? []) {
        check(invariant, node.type, node.value, resource, root);
      }
      for (const element of structures().get(type)?.elements ?? []) {
        for (const child of element.invariants === undefined ? [] : items(navigator.member(node, element.name))) {
          for (const invariant of element.invariants ?? []) {
            if (child instanceof TypedNode && plain(child) !== undefined) {
              check(invariant, child.type, child.value, resource, root);
            }
          }
        }
      }
    }
    for (const child of items(navigator.children(node))) {
      if (child instanceof TypedNode && isObject(child.value)) {
        const inner = model.isResource(child.type) ? child.value : resource;
        visit(child, inner, node.type === 'Bundle.entry' ? inner : root);
      }
    }
  };
  for (const example of examples) {
    visit(new TypedNode(example.resourceType, example), example, example);
  }
  expect(met.size).toBeGreaterThan(400);
});
