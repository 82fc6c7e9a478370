import type { Resource } from '@medplum/fhirtypes';
import { fhirError } from '../model/issue.ts';
import { type JsonLimits, parseJsonArray } from '../model/json/parse.ts';

/** A JSON Patch inside a Bundle travels as a Binary (FHIR R4 http.html#patch, "Patch and Batch/Transaction"). */
export function patchInBinary(resource: Resource, limits: JsonLimits): readonly unknown[] {
  if (resource.resourceType !== 'Binary' || typeof resource.data !== 'string') {
    throw fhirError(400, 'structure', 'A patch in a Bundle must be a Binary that holds a JSON Patch in data.');
  }
  if (resource.contentType !== 'application/json-patch+json') {
    throw fhirError(415, 'not-supported', 'A patch in a Bundle must have the contentType application/json-patch+json.');
  }
  return parseJsonArray(Buffer.from(resource.data, 'base64'), limits);
}
