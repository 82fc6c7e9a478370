import type { Resource } from '@medplum/fhirtypes';
import { isResourceType } from './resource-types.ts';

/**
 * Whether a parsed value is an object that says to be of a type of R4. What else it holds is for conformance to judge:
 * until then the type promises more than is known.
 */
export function isResource(value: unknown): value is Resource {
  return (
    typeof value === 'object' &&
    value !== null &&
    'resourceType' in value &&
    typeof value.resourceType === 'string' &&
    isResourceType(value.resourceType)
  );
}
