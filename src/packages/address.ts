import type { Resource } from '@medplum/fhirtypes';
import type { TransactionEntry } from '../interactions/types.ts';
import { error } from '../model/issue.ts';
import type { SearchParameters } from '../search/parameters.ts';
import type { FoundResource } from './found-resources.ts';
import type { Refusal } from './package-fault.ts';

/** The canonical url of a resource, if its type is found by one. */
export function canonicalOf(parameters: SearchParameters, { resource }: FoundResource): string | undefined {
  const url = 'url' in resource && typeof resource.url === 'string' ? resource.url : undefined;
  return url !== undefined && url !== '' && parameters.get(resource.resourceType, 'url') !== undefined
    ? url
    : undefined;
}

/**
 * How a resource is stored so that loading it again changes nothing: by its id, else as the one with its canonical url
 * and version; undefined for a resource with neither, which would be stored anew each time. Forms are addressed by
 * `addressedForms` before.
 */
export function entryOf(parameters: SearchParameters, found: FoundResource): TransactionEntry | undefined {
  const { resource, text, fullUrl } = found;
  const type = resource.resourceType;
  const body = { resource, text };
  if (resource.id !== undefined) {
    return { method: 'PUT', url: `${type}/${resource.id}`, body };
  }
  const canonical = canonicalOf(parameters, found);
  if (canonical === undefined) {
    return undefined;
  }
  const criteria = new URLSearchParams({ url: canonical });
  if ('version' in resource && typeof resource.version === 'string' && parameters.get(type, 'version') !== undefined) {
    criteria.append('version', resource.version);
  } else if (type === 'Questionnaire') {
    criteria.append('version:missing', 'true');
  }
  return { method: 'PUT', url: `${type}?${criteria}`, body, ...(fullUrl === undefined ? {} : { fullUrl }) };
}

/** What keeps a package from being loaded, told before anything is stored. */
export function addressFaults(parameters: SearchParameters, resources: readonly FoundResource[]): readonly Refusal[] {
  const seen = new Map<string, FoundResource>();
  return resources.flatMap((found) => {
    const { origin, resource } = found;
    const entry = entryOf(parameters, found);
    if (entry === undefined) {
      const text = `This ${resource.resourceType} has neither an id nor a canonical url: loaded again it would be stored twice. Give it an id.`;
      return [{ origin, issue: error('required', text, `${resource.resourceType}.id`) }];
    }
    const key = formVersion(resource) ?? entry.url;
    const other = seen.get(key);
    seen.set(key, found);
    if (other === undefined) {
      return [];
    }
    const place = other.origin.place === '' ? other.origin.file : `${other.origin.file} ${other.origin.place}`;
    return [
      { origin, issue: error('duplicate', `The same resource stands in ${place}.`, `${resource.resourceType}.id`) },
    ];
  });
}

/** What makes a form the same as another: with a canonical url not its id, which its versions may share in packages. */
function formVersion(resource: Resource): string | undefined {
  return resource.resourceType === 'Questionnaire' && resource.url !== undefined
    ? `${resource.url}|${resource.version ?? ''}`
    : undefined;
}
