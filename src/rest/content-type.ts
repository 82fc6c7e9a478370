import { fhirError } from '../model/issue.ts';
import { isOtherVersion, mediaType } from './media-type.ts';

const JSON_TYPES = new Set(['application/fhir+json', 'application/json', 'application/json+fhir', 'text/json']);
const FORM = 'application/x-www-form-urlencoded';
const JSON_PATCH = 'application/json-patch+json';

/** Refuses (415) a body that is not FHIR's JSON. A missing type is taken for JSON, the only format here. */
export function requireJson(header: string | undefined): void {
  require(header, (type) => JSON_TYPES.has(type), 'application/fhir+json');
}

/** Refuses (415) a search body that is not a form. */
export function requireForm(header: string | undefined): void {
  require(header, (type) => type === FORM, FORM);
}

/** Refuses (415) a patch that is not JSON Patch; FHIRPath Patch and XML Patch are not supported. */
export function requireJsonPatch(header: string | undefined): void {
  require(header, (type) => type === JSON_PATCH, JSON_PATCH);
}

/** Whether a body announces JSON, as the Parameters of an operation do. */
export function isJson(header: string | undefined): boolean {
  return header === undefined || JSON_TYPES.has(mediaType(header));
}

function require(header: string | undefined, accepts: (type: string) => boolean, expected: string): void {
  if (header === undefined) {
    return;
  }
  if (!accepts(mediaType(header))) {
    throw fhirError(415, 'not-supported', `The body must have the content type ${expected}.`);
  }
  if (isOtherVersion(header)) {
    throw fhirError(415, 'not-supported', 'The body is for another FHIR version; this server holds R4 (4.0).');
  }
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(header)?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    throw fhirError(415, 'not-supported', 'The body must be encoded as UTF-8.');
  }
}
