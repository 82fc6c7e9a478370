import { isObject, text } from './json.ts';
import { canonicalUrl, type ParsedReference, parseReference } from './parse-reference.ts';
import { walkReferences } from './walk-references.ts';

/** One Reference or canonical in a resource. */
export type ResourceReference = (
  | ParsedReference
  /** Only an identifier, perhaps a type. */
  | { readonly kind: 'logical'; readonly type?: string }
  /** An url, perhaps with its version (`url|version`). */
  | { readonly kind: 'canonical'; readonly url: string; readonly version?: string }
) & {
  /** FHIRPath, with indexes: `Observation.subject`, `QuestionnaireResponse.item[0].answer[1].value`. */
  readonly path: string;
};

/**
 * Every Reference and canonical in a resource; a Reference that has only a display is left out.
 *
 * @param baseUrl the server's own base, without a slash at its end: references beneath it are relative ones
 */
export function referencesOf(resource: unknown, baseUrl = ''): readonly ResourceReference[] {
  const found: ResourceReference[] = [];
  walkReferences(resource, (kind, value, path) => {
    if (kind === 'canonical' && typeof value === 'string') {
      found.push({ ...canonical(value), path: path() });
    } else if (isObject(value)) {
      const reference = text(value.reference);
      const type = text(value.type);
      if (reference !== undefined) {
        found.push({ ...parseReference(reference, baseUrl), path: path() });
      } else if (isObject(value.identifier)) {
        found.push(type === undefined ? { kind: 'logical', path: path() } : { kind: 'logical', type, path: path() });
      }
    }
  });
  return found;
}

function canonical(value: string): { kind: 'canonical'; url: string; version?: string } {
  const url = canonicalUrl(value);
  const version = /\|([^#]+)/.exec(value)?.[1];
  return version === undefined ? { kind: 'canonical', url } : { kind: 'canonical', url, version };
}
