import { fhirError } from '../model/issue.ts';
import { isOtherVersion, mediaType } from './media-type.ts';

export type ContentType = 'application/fhir+json; charset=utf-8' | 'application/json; charset=utf-8';

const FHIR_JSON: ContentType = 'application/fhir+json; charset=utf-8';
const PLAIN_JSON: ContentType = 'application/json; charset=utf-8';

const FORMATS: ReadonlyMap<string, ContentType> = new Map([
  ['json', FHIR_JSON],
  ['application/fhir+json', FHIR_JSON],
  ['application/json+fhir', FHIR_JSON],
  ['application/*', FHIR_JSON],
  ['*/*', FHIR_JSON],
  ['*', FHIR_JSON],
  ['application/json', PLAIN_JSON],
  ['text/json', PLAIN_JSON],
]);

/**
 * The content type of the answer (FHIR R4 http.html#mime-type): `_format` overrules Accept, and JSON is the only format.
 * A client that accepts FHIR's JSON at all gets it; only one that names plain JSON alone gets that.
 *
 * @param mayBePage whether a page may be answered: then a client that accepts nothing but HTML is told of faults in JSON
 * @throws FhirError 406 where the client accepts no JSON
 */
export function negotiated(accept: string | undefined, format: string | undefined, mayBePage = false): ContentType {
  if (format !== undefined) {
    // `+` in a query is a space to most decoders: `_format=application/fhir+json`.
    const type = FORMATS.get(mediaType(format.replace(/^application\/fhir json/, 'application/fhir+json')));
    if (type === undefined || isOtherVersion(format)) {
      throw notAcceptable();
    }
    return type;
  }
  if (accept === undefined || accept === '' || accept === '*/*') {
    return FHIR_JSON;
  }
  let found: ContentType | undefined;
  for (const range of accept.split(',')) {
    const refused = /;\s*q=0(?:\.0*)?\s*(?:;|$)/.test(range) || isOtherVersion(range);
    const media = mediaType(range);
    const type = refused ? undefined : mayBePage && media === 'text/html' ? FHIR_JSON : FORMATS.get(media);
    if (type === FHIR_JSON) {
      return FHIR_JSON;
    }
    found = type ?? found;
  }
  if (found === undefined) {
    throw notAcceptable();
  }
  return found;
}

function notAcceptable() {
  return fhirError(406, 'not-supported', 'This server answers in JSON of FHIR R4 only: ask for application/fhir+json.');
}
