import { type Edit, spliced } from './id-and-meta.ts';
import { afterString, keyText } from './members.ts';

/**
 * JSON names of R4's elements of type uri, url, oid and uuid (from the definitions; names that R4 also gives to codes
 * and free text, as `code` and `location`, are left out). Identifier.value is a string and stays as it is.
 */
const URI_KEYS = new Set([
  'address',
  'authority',
  'authorizationUrl',
  'contentReference',
  'definition',
  'definitionUri',
  'derivedFromUri',
  'endpoint',
  'eventUri',
  'implicitRules',
  'instantiates',
  'instantiatesUri',
  'issuer',
  'jurisdiction',
  'link',
  'moduleUri',
  'nameUrl',
  'onlineInformation',
  'policy',
  'protocol',
  'relativePath',
  'rendering',
  'source',
  'sourceUri',
  'system',
  'target',
  'targetUri',
  'uri',
  'url',
  'valueOid',
  'valueUri',
  'valueUrl',
  'valueUuid',
]);

const URN = /^urn:(?:uuid|oid):/;

/** A link in narrative, as it stands in JSON text: the quote is escaped or single. */
const NARRATIVE_LINK = /(\b(?:href|src)=(\\"|'))(urn:(?:uuid|oid):[^"'\\]*)(?=\2)/g;

/**
 * A resource's compact text with the links resolved that only hold within its transaction (FHIR R4 http.html#trules):
 * `reference` values that stand in `replacements` (full urls and conditional references alike), and, for urn:uuid and
 * urn:oid full urls, elements of type uri, url, oid and uuid and href and src in narrative. Nothing else changes.
 */
export function withReferences(text: string, replacements: ReadonlyMap<string, string>): string {
  if (replacements.size === 0) {
    return text;
  }
  const edits: Edit[] = [];
  let key = '';
  let at = text.indexOf('"');
  while (at >= 0) {
    const end = afterString(text, at);
    if (text.charCodeAt(end) === 0x3a) {
      key = keyText(text, at, end);
    } else {
      const edit = editOf(text, key, at, end, replacements);
      if (edit !== undefined) {
        edits.push(edit);
      }
    }
    at = text.indexOf('"', end);
  }
  return edits.length === 0 ? text : spliced(text, edits);
}

function editOf(
  text: string,
  key: string,
  start: number,
  end: number,
  replacements: ReadonlyMap<string, string>,
): Edit | undefined {
  if (key === 'reference' || URI_KEYS.has(key)) {
    const value = keyText(text, start, end);
    const replacement = replacements.get(value);
    if (replacement === undefined || (key !== 'reference' && !URN.test(value))) {
      return undefined;
    }
    return { start, end, text: JSON.stringify(replacement) };
  }
  if (key === 'div') {
    const raw = text.slice(start, end);
    const resolved = raw.replace(NARRATIVE_LINK, (whole, before: string, _quote: string, url: string) => {
      const replacement = replacements.get(url);
      return replacement === undefined ? whole : before + replacement;
    });
    return resolved === raw ? undefined : { start, end, text: resolved };
  }
  return undefined;
}
