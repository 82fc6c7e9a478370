import { fhirError } from '../../model/issue.ts';
import { isResourceType } from '../../model/resource-types.ts';
import type { Query, TransactionEntry } from '../types.ts';

/** What an entry of a transaction addresses. */
export interface Slot {
  readonly index: number;
  readonly entry: TransactionEntry;
  readonly type: string;
  readonly id?: string;
  /** Of a conditional interaction, or the search of a GET. */
  readonly criteria?: Query;
  /** Of a GET of one version. */
  readonly version?: number;
}

/**
 * Reads an entry's URL: `Type`, `Type/id`, `Type/id/_history/version` or `Type?criteria`, with or without a leading slash.
 * @throws FhirError 400
 */
export function slotOf(entry: TransactionEntry, index: number): Slot {
  const expression = `Bundle.entry[${index}].request.url`;
  const [path = '', search] = splitOnce(entry.url.replace(/^\//, ''), '?');
  const [type = '', id, history, version, ...rest] = path.split('/');
  if (!isResourceType(type)) {
    throw fhirError(400, 'value', 'The URL of this entry names no FHIR R4 resource type.', expression);
  }
  const versioned = history === '_history' && version !== undefined && /^[1-9]\d{0,9}$/.test(version);
  if (rest.length > 0 || (history !== undefined && !(versioned && entry.method === 'GET'))) {
    throw fhirError(
      400,
      'value',
      `The URL of this entry is not one that a transaction's ${entry.method} takes.`,
      expression,
    );
  }
  const criteria = search === undefined ? undefined : [...new URLSearchParams(search)];
  const slot = { index, entry, type, ...(id ? { id } : {}), ...(criteria ? { criteria } : {}) };
  if (entry.method === 'POST') {
    if (id || criteria) {
      throw fhirError(400, 'value', 'A POST in a transaction goes to a resource type.', expression);
    }
    return entry.ifNoneExist ? { ...slot, criteria: entry.ifNoneExist } : slot;
  }
  if (entry.method !== 'GET' && (id === undefined) === (criteria === undefined)) {
    throw fhirError(400, 'value', `A ${entry.method} needs either an id or criteria.`, expression);
  }
  return versioned ? { ...slot, version: Number(version) } : slot;
}

function splitOnce(text: string, mark: string): [string, string?] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
