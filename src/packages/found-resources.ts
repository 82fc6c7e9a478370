import type { Bundle, BundleEntry, Questionnaire, Resource } from '@medplum/fhirtypes';
import { isResource } from '../model/is-resource.ts';
import { error, FhirError, type Issue } from '../model/issue.ts';
import { entryTexts } from '../model/json/bundle-entries.ts';
import { parseJson } from '../model/json/parse.ts';
import { withReferences } from '../model/json/references.ts';
import { fillLibraries } from './library-content.ts';
import type { Origin, Refusal } from './package-fault.ts';
import { isTable, type SourceFile } from './source-files.ts';

/** A resource of a package, as text too, so that it is stored as it was written. */
export interface FoundResource {
  readonly origin: Origin;
  readonly resource: Resource;
  readonly text: string;
  /** Of a bundle's entry whose id only the server can tell. */
  readonly fullUrl?: string;
  /** Of a form whose version is stored already: what is stored (stored-forms.ts). */
  readonly stored?: Questionnaire;
}

export interface Found {
  readonly resources: readonly FoundResource[];
  readonly refusals: readonly Refusal[];
}

/** Bundles that are carriers of resources; a document or a message is a resource of its own. */
const CARRIERS = new Set(['collection', 'transaction', 'batch', 'searchset']);

/**
 * The resources of files: one a file, one a line of *.ndjson, or those that a Bundle carries. A file that a Library names
 * as its content is no resource but goes into the Library; a table that none names is left.
 */
export function foundResources(files: readonly SourceFile[]): Found {
  const resources: FoundResource[] = [];
  const refusals: Refusal[] = [];
  for (const { name, bytes } of files) {
    if (isTable(name)) continue;
    for (const [place, part] of name.endsWith('.ndjson') ? lines(bytes) : [['', bytes] as const]) {
      const origin = { file: name, place };
      try {
        const { value, text } = parseJson(part);
        take(origin, value, text, resources, refusals);
      } catch (problem) {
        refusals.push(...issuesOf(problem).map((issue) => ({ origin, issue })));
      }
    }
  }
  const filled = fillLibraries(resources, files);
  const faults = refusals.filter(({ origin }) => !filled.contents.has(origin.file));
  return { resources: filled.resources, refusals: [...faults, ...filled.refusals] };
}

function* lines(bytes: Buffer): Generator<readonly [place: string, line: Buffer]> {
  let from = 0;
  for (let line = 1; from < bytes.length; line += 1) {
    const newline = bytes.indexOf(0x0a, from);
    const end = newline < 0 ? bytes.length : newline;
    const text = bytes.subarray(from, end);
    if (text.some((byte) => byte !== 0x20 && byte !== 0x0d && byte !== 0x09)) {
      yield [`line ${line}`, text];
    }
    from = end + 1;
  }
}

function take(origin: Origin, value: unknown, text: string, resources: FoundResource[], refusals: Refusal[]): void {
  if (!isResource(value)) {
    const issue = error('structure', 'This is no FHIR R4 resource: resourceType names none.', 'resourceType');
    refusals.push({ origin, issue });
  } else if (value.resourceType === 'Bundle' && CARRIERS.has(value.type)) {
    takeEntries(origin, value, text, resources, refusals);
  } else {
    resources.push({ origin: { ...origin, type: value.resourceType }, resource: value, text });
  }
}

function takeEntries(
  origin: Origin,
  bundle: Bundle,
  text: string,
  resources: FoundResource[],
  refusals: Refusal[],
): void {
  const texts = entryTexts(text);
  const entries = entriesOf(bundle);
  const links = ownLinks(entries);
  for (const [index, entry] of entries.entries()) {
    const place = [origin.place, `Bundle.entry[${index}]`].filter((part) => part !== '').join(' ');
    const method = entry?.request?.method ?? 'PUT';
    const own = texts[index];
    if (entry?.resource === undefined || own === undefined || (method !== 'PUT' && method !== 'POST')) {
      const issue = error('not-supported', 'Only entries that hold a resource (PUT, POST or no request) are loaded.');
      refusals.push({ origin: { file: origin.file, place }, issue });
      continue;
    }
    const resolved = withReferences(own, links);
    const resource: unknown = resolved === own ? entry.resource : JSON.parse(resolved);
    const at = { file: origin.file, place: `${place}.resource` };
    const before = resources.length;
    take(at, resource, resolved, resources, refusals);
    const taken = resources[before];
    if (taken !== undefined && taken.resource.id === undefined && entry.fullUrl !== undefined) {
      resources[before] = { ...taken, fullUrl: entry.fullUrl };
    }
  }
}

/** Full URLs hold within their bundle only, so they are resolved here: to the entry's resource, where it has an id. */
function ownLinks(entries: readonly Entry[]): ReadonlyMap<string, string> {
  const links = new Map<string, string>();
  for (const entry of entries) {
    if (entry?.fullUrl !== undefined && entry.resource?.id !== undefined) {
      links.set(entry.fullUrl, `${entry.resource.resourceType}/${entry.resource.id}`);
    }
  }
  return links;
}

type Entry = BundleEntry | null | undefined;

/** What stands as `entry` was not checked yet: anything but objects is left out as null. */
function entriesOf(bundle: Bundle): readonly Entry[] {
  const entries: unknown = bundle.entry;
  return Array.isArray(entries) ? entries.map((one) => (typeof one === 'object' ? (one as Entry) : null)) : [];
}

function issuesOf(problem: unknown): readonly Issue[] {
  if (problem instanceof FhirError) {
    return problem.issues;
  }
  throw problem;
}
