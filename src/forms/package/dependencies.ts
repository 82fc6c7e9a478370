import type { Resource } from '@medplum/fhirtypes';
import { isResourceType, type ResourceType } from '../../model/resource-types.ts';

/** A definition that another one needs. */
export interface Dependency {
  readonly type: ResourceType;
  /** `url` or `url|version`. */
  readonly canonical: string;
  /** What may well live elsewhere: a code system (LOINC), what FHIR itself defines, the definition of an extension. */
  readonly optional: boolean;
}

/** By the name of the element that holds a canonical: what it names, unless its url says so itself. */
const BY_ELEMENT: Readonly<Record<string, ResourceType>> = {
  answerValueSet: 'ValueSet',
  valueSet: 'ValueSet',
  derivedFrom: 'Questionnaire',
  supplements: 'CodeSystem',
  library: 'Library',
};
/** By the last word of the address of an extension whose value is a canonical. */
const BY_EXTENSION: Readonly<Record<string, ResourceType>> = {
  subQuestionnaire: 'Questionnaire',
  library: 'Library',
  unitValueSet: 'ValueSet',
  referenceProfile: 'StructureDefinition',
  sourceStructureMap: 'StructureMap',
  targetStructureMap: 'StructureMap',
  targetProfile: 'StructureDefinition',
  lookupQuestionnaire: 'Questionnaire',
};
/** FHIR's own definitions, which every server has or knows. */
const CORE = /^http:\/\/(?:hl7\.org\/fhir|terminology\.hl7\.org)\/(?:[A-Z][A-Za-z]*\/)?[A-Za-z0-9\-.]+$/;

/**
 * What a definition (Questionnaire, Library, ValueSet, CodeSystem, …) needs: by its elements, its extensions, the
 * definitions that its items come from, the systems of its codes, and `depends-on` and `derived-from` among its related
 * artifacts. Each once; what it contains is not named.
 */
export function dependenciesOf(resource: Resource): readonly Dependency[] {
  const found = new Map<string, Dependency>();
  const isForm = resource.resourceType === 'Questionnaire';
  const add = (canonical: unknown, fallback: ResourceType | undefined, optional: boolean): void => {
    if (typeof canonical !== 'string' || canonical === '' || canonical.startsWith('#')) return;
    const type = typeNamedIn(canonical) ?? fallback;
    if (type === undefined) return;
    const known = found.get(`${type} ${canonical}`);
    found.set(`${type} ${canonical}`, {
      type,
      canonical,
      optional: (optional || CORE.test(canonical.split('|')[0] ?? '')) && known?.optional !== false,
    });
  };
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const each of node) walk(each);
      return;
    }
    if (typeof node !== 'object' || node === null) return;
    const { url, valueCanonical, type, resource: related } = node as Record<string, unknown>;
    if (valueCanonical !== undefined) add(valueCanonical, BY_EXTENSION[lastWord(url)], false);
    if (type === 'depends-on' || type === 'derived-from') add(related, undefined, false);
    for (const [key, value] of Object.entries(node)) {
      if (key === 'contained' || key === 'meta') continue;
      if (key === 'extension' || key === 'modifierExtension') addExtensions(value, add);
      if (isForm && key === 'definition' && typeof value === 'string' && value.includes('#')) {
        add(value.slice(0, value.indexOf('#')), 'StructureDefinition', false);
      }
      // What has no colon is no address: the system of a telephone number.
      if (key === 'system' && String(value).includes(':')) add(value, 'CodeSystem', true);
      const named = BY_ELEMENT[key];
      if (named !== undefined) for (const each of [value].flat()) add(each, named, false);
      walk(value);
    }
  };
  walk(resource);
  // What is contained has no url of its own, but may need others.
  if ('contained' in resource) walk(resource.contained);
  return [...found.values()];
}

function addExtensions(
  extensions: unknown,
  add: (canonical: unknown, type: ResourceType, optional: boolean) => void,
): void {
  for (const each of Array.isArray(extensions) ? extensions : []) {
    const url: unknown = each?.url;
    // Those inside an extension have names, no addresses.
    if (typeof url === 'string' && url.includes(':')) add(url, 'StructureDefinition', true);
  }
}

/** `…/Library/hads-scores|1.0.0`: a Library. */
function typeNamedIn(canonical: string): ResourceType | undefined {
  const [url = ''] = canonical.split('|');
  const named = url.split('/').at(-2) ?? '';
  return isResourceType(named) ? named : undefined;
}

/** `http://hl7.org/fhir/StructureDefinition/cqf-library`: library. */
function lastWord(url: unknown): string {
  return typeof url === 'string' ? (/[A-Za-z]+$/.exec(url)?.[0] ?? '') : '';
}
