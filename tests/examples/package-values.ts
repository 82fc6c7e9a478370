import { createRequire } from 'node:module';
import type { Resource, SearchParameter } from '@medplum/fhirtypes';
import { bare, unionParts } from '../../src/model/r4/union-parts.ts';
import { packageSearchParameters } from './instances.ts';

/** One value of a search parameter, with its FHIR type as the fhirpath package tells it (`Period`, `dateTime`, …). */
export interface Value {
  readonly type: string;
  readonly value: unknown;
  /** Where it was read: for what has no type of its own, and for what is told of it by the resource around. */
  readonly path?: string;
  readonly resource?: unknown;
}

export interface Parameter {
  readonly type: Resource['resourceType'];
  readonly code: string;
  readonly kind: SearchParameter['type'];
  readonly targets: readonly string[];
  /** What the parameter reads of a resource. */
  read(resource: unknown): readonly Value[];
  /** Of a composite: its components, each reading one element that `read` gives. */
  readonly components: readonly { readonly parameter: Parameter; read(element: Value): readonly Value[] }[];
}

interface FhirPathPackage {
  compile(path: unknown, model: unknown, options: object): (value: unknown, env: object) => unknown[];
  types(values: unknown[]): string[];
  resolveInternalTypes(values: unknown[]): unknown[];
}

const require = createRequire(import.meta.url);
const fhirpath: FhirPathPackage = require('fhirpath');
const r4: unknown = require('fhirpath/fhir-context/r4');

/** Slips of R4 4.0.1, mended here too, or the parameter could find nothing. */
const mended: Record<string, Partial<Pick<SearchParameter, 'expression' | 'component'>>> = {
  // There is no type DateTime.
  'Observation-code-value-date': {
    component: [
      { definition: 'http://hl7.org/fhir/SearchParameter/clinical-code', expression: 'code' },
      {
        definition: 'http://hl7.org/fhir/SearchParameter/Observation-value-date',
        expression: 'value.ofType(dateTime) | value.ofType(Period)',
      },
    ],
  },
  // The definitions of its components stand in the wrong order.
  'DocumentReference-relationship': {
    component: [
      { definition: 'http://hl7.org/fhir/SearchParameter/DocumentReference-relation', expression: 'code' },
      { definition: 'http://hl7.org/fhir/SearchParameter/DocumentReference-relatesto', expression: 'target' },
    ],
  },
  'patient-extensions-Patient-mothersMaidenName': {
    expression: "Patient.extension('http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName')",
  },
};

const compiled = new Map<string, ReturnType<FhirPathPackage['compile']>>();

/** What the package says the values are; part by part, since it fails on unions of quantities with a comparator. */
function evaluated(expression: string, base: string | undefined, from: unknown, resource: unknown): Value[] {
  return unionParts(expression).flatMap((part) => {
    const key = `${base}\n${part}`;
    let run = compiled.get(key);
    if (run === undefined) {
      const path = inPackageWords(part);
      const source = base === undefined ? path : { base, expression: path };
      run = fhirpath.compile(source, r4, { resolveInternalTypes: false, traceFn: () => {} });
      compiled.set(key, run);
    }
    const values = run(from, { resource });
    const types = fhirpath.types(values);
    return fhirpath
      .resolveInternalTypes(values)
      .map((value, index) => ({
        type: (types[index] ?? '').replace(/^(FHIR|System)\./, ''),
        value,
        path: bare(part),
        resource,
      }))
      .filter(({ value }) => value !== null && value !== undefined)
      .map((value) => (value.type === 'Extension' ? valueOfExtension(value) : value));
  });
}

/** A parameter whose expression ends at an extension is about the extension's value. */
function valueOfExtension(value: Value): Value {
  const [name, held] = Object.entries(value.value as object).find(([key]) => key.startsWith('value')) ?? [
    'value',
    null,
  ];
  const type = name.slice('value'.length);
  return {
    ...value,
    type: typeof held === 'object' ? type : type.charAt(0).toLowerCase() + type.slice(1),
    value: held,
  };
}

/**
 * The package takes `as` of single items only, where R4 filters by it; it resolves references by asking a server, where
 * their type can be read from the reference; and it has no hasExtension().
 */
function inPackageWords(expression: string): string {
  return expression
    .replaceAll(/\.as\(/g, '.ofType(')
    .replaceAll(/ as ([A-Za-z]+)/g, '.ofType($1)')
    .replaceAll(
      /\.where\(resolve\(\) is ([A-Za-z]+)\)/g,
      ".where(type = '$1' or reference.matches('(^|/)$1/[A-Za-z0-9.-]+'))",
    )
    .replaceAll(/hasExtension\(([^)]*)\)/g, 'extension($1).exists()');
}

/** Those of an expression's parts that can read something of a type: R4 writes one expression for many types. */
function partsFor(type: string, expression: string): string {
  const ofAnother = new RegExp(`^\\(*\\s*(?!(?:${type}|Resource|DomainResource)\\b)[A-Z]`);
  return unionParts(expression)
    .filter((part) => !ofAnother.test(part.trim()))
    .join(' | ');
}

/** The search parameters that the package defines for each of these types; those without an expression are left out. */
export function packageParameters(types: ReadonlySet<Resource['resourceType']>): readonly Parameter[] {
  const definitions = packageSearchParameters().map((each) => ({ ...each, ...mended[each.id ?? ''] }));
  const byUrl = new Map(definitions.map((each) => [each.url, each]));
  const made = (definition: SearchParameter, type: Resource['resourceType']): Parameter => {
    const expression = partsFor(type, definition.expression ?? '');
    return {
      type,
      code: definition.code,
      kind: definition.type,
      targets: definition.target ?? [],
      read: (resource) => (expression === '' ? [] : evaluated(expression, undefined, resource, resource)),
      components: (definition.component ?? []).map((component) => {
        const of = byUrl.get(component.definition);
        if (of === undefined) {
          throw new Error(`${definition.id}: no ${component.definition}`);
        }
        return {
          parameter: made(of, type),
          read: (element) => evaluated(component.expression ?? '', baseOf(element), element.value, element.resource),
        };
      }),
    };
  };
  return [...types].sort().flatMap((type) =>
    definitions
      .filter(({ expression }) => expression !== undefined)
      .filter(({ base }) => base.some((each) => each === type || /^(Domain)?Resource$/.test(each)))
      .map((definition) => made(definition, type)),
  );
}

/** Backbone elements have no type of their own; the path that leads to them serves the package as one. */
function baseOf({ type, path }: Value): string | undefined {
  return type === 'BackboneElement' ? path : undefined;
}
