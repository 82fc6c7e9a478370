import { readdirSync, readFileSync } from 'node:fs';
import type { Resource } from '@medplum/fhirtypes';

/** An example instance of npm hl7.fhir.r4.examples, as it stands in its file. */
export interface Instance {
  readonly key: string;
  readonly type: Resource['resourceType'];
  readonly id: string;
  readonly text: string;
  readonly resource: Resource;
}

const folder = new URL('../../node_modules/hl7.fhir.r4.examples/', import.meta.url).pathname;

/** What R4 itself is written in; the package holds thousands of them, and no registry ever gets one as data. */
const DEFINITIONS = new Set([
  'StructureDefinition',
  'SearchParameter',
  'ValueSet',
  'CodeSystem',
  'ConceptMap',
  'OperationDefinition',
  'DataElement',
]);
/** Left out with the definitions: R4's own guide, and everything else over a megabyte, is a listing of them. */
const CHARACTERS_MAX = 1_000_000;

/**
 * The examples that are instances: files `<Type>-<id>.json` whose type is not one of DEFINITIONS, without Bundles that
 * hold nothing but definitions, and without what is over a megabyte.
 */
export function exampleInstances(): readonly Instance[] {
  return readdirSync(folder)
    .filter((file) => /^[A-Z]\w+-.*\.json$/.test(file) && !DEFINITIONS.has(file.slice(0, file.indexOf('-'))))
    .map((file) => readFileSync(folder + file, 'utf8'))
    .filter((text) => text.length <= CHARACTERS_MAX)
    .map((text) => ({ text, resource: JSON.parse(text) as Resource }))
    .filter(({ resource }) => !isDefinitionBundle(resource))
    .map(({ text, resource }) => {
      const [type, id] = [resource.resourceType, resource.id ?? ''];
      return { key: `${type}/${id}`, type, id, text, resource };
    });
}

function isDefinitionBundle(resource: Resource): boolean {
  const entries = resource.resourceType === 'Bundle' ? (resource.entry ?? []) : [];
  return entries.length > 0 && entries.every((entry) => DEFINITIONS.has(entry.resource?.resourceType ?? ''));
}

/** The SearchParameter resources of the package, its examples of SearchParameters apart. */
export function packageSearchParameters(): readonly Extract<Resource, { resourceType: 'SearchParameter' }>[] {
  return readdirSync(folder)
    .filter((file) => /^SearchParameter-.*\.json$/.test(file) && !/^SearchParameter-example/.test(file))
    .map((file) => JSON.parse(readFileSync(folder + file, 'utf8')) as Resource)
    .filter((resource) => resource.resourceType === 'SearchParameter');
}
