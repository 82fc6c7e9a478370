import { hasResponses } from '../interactions/form-versions.ts';
import { systemCaller } from '../model/caller.ts';
import type { Loader } from '../packages/load-resources.ts';
import type { FhirServer } from './fhir-server.ts';

/** Loads packages into a server's database, as the server itself. */
export function loaderOf(fhir: FhirServer): Loader {
  return {
    interactions: fhir.interactions,
    caller: systemCaller,
    hasResponses: (form) => hasResponses(fhir.engine, fhir.engine.readers, form),
    parameters: () => fhir.engine.definitions().parameters,
    referencesOf: ({ resource }) =>
      fhir.engine
        .definitions()
        .referencesOf(resource)
        .flatMap((reference) => (reference.kind === 'relative' ? [`${reference.type}/${reference.id}`] : [])),
    refresh: () => fhir.refresh(),
  };
}
