import { definition, objects, text, texts } from './definitions-package.ts';

/**
 * The compartment of Patient: for each resource type that can belong to it, the search parameters through which it
 * does. Types that never do are absent.
 */
export function patientCompartment(): Record<string, string[]> {
  return Object.fromEntries(
    objects(definition('CompartmentDefinition', 'patient'), 'resource')
      .filter((resource) => texts(resource, 'param').length > 0)
      .map((resource) => [text(resource, 'code') ?? '', texts(resource, 'param')]),
  );
}
