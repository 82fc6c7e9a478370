import type { Query } from '../interactions/types.ts';
import { fhirError } from '../model/issue.ts';

/** More parameters than any search needs; a long list of alternatives is one parameter. */
const PARAMETERS_MAX = 1000;

/**
 * The name-value pairs of a query string or a form body, decoded, in order (application/x-www-form-urlencoded).
 *
 * @throws FhirError 400
 */
export function parseQuery(text: string | undefined): Query {
  if (text === undefined || text === '') {
    return [];
  }
  const pairs: [string, string][] = [];
  for (const part of text.split('&')) {
    if (pairs.length >= PARAMETERS_MAX) {
      throw fhirError(400, 'too-costly', `A query may have at most ${PARAMETERS_MAX} parameters.`);
    }
    if (part !== '') {
      const equals = part.indexOf('=');
      const name = equals < 0 ? part : part.slice(0, equals);
      pairs.push([decoded(name), equals < 0 ? '' : decoded(part.slice(equals + 1))]);
    }
  }
  return pairs;
}

/** A query string for links. Leaves readable what may stand unencoded in a query (RFC 3986 section 3.4). */
export function queryText(query: Query): string {
  return query.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&');
}

function decoded(text: string): string {
  if (!/[%+]/.test(text)) {
    return text;
  }
  let plain: string;
  try {
    plain = decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw fhirError(400, 'invalid', 'The query is not percent-encoded UTF-8.');
  }
  if (plain.includes('\0')) {
    throw fhirError(400, 'invalid', 'The query holds the character NUL.');
  }
  return plain;
}

/** What stands readable in links though encodeURIComponent encodes it, all but `|`. */
const READABLE: Readonly<Record<string, string>> = { '%2C': ',', '%3A': ':', '%2F': '/', '%24': '$' };

function encoded(text: string): string {
  return /^[\w.~-]*$/.test(text)
    ? text
    : encodeURIComponent(text).replace(/%(?:2C|3A|2F|24)/g, (code) => READABLE[code] ?? code);
}
