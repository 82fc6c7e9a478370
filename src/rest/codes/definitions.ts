import type { CodeSystem, ConceptMap, Library, Questionnaire, StructureDefinition, ValueSet } from '@medplum/fhirtypes';
import { mayAtAll } from '../../access/predicate.ts';
import type { Query } from '../../interactions/types.ts';
import { fhirError } from '../../model/issue.ts';
import type { TerminologyFinder } from '../../terminology/finder.ts';
import type { Exchange } from '../exchange.ts';

type Definition = CodeSystem | ConceptMap | Library | Questionnaire | StructureDefinition | ValueSet;

/** Definitions of one url that are looked at: versions of it. */
const VERSIONS_MAX = 100;
const LITERAL = /^ValueSet\/([A-Za-z0-9.-]{1,64})$/;

/**
 * The terminology that a caller may read, found by search: within a transaction, as that sees it.
 *
 * @param within the value set that is asked for: `#id` stands for a value set contained in it
 */
export function definitionsOf(exchange: Exchange, within?: ValueSet | string): TerminologyFinder {
  const contained = typeof within === 'object' ? (within.contained ?? []) : [];
  return {
    async valueSet(canonical) {
      if (canonical.startsWith('#')) {
        return contained.find(
          (each): each is ValueSet => each.resourceType === 'ValueSet' && `#${each.id}` === canonical,
        );
      }
      const { baseUrl } = exchange.request;
      const relative = canonical.startsWith(`${baseUrl}/`) ? canonical.slice(baseUrl.length + 1) : canonical;
      const id = LITERAL.exec(relative)?.[1];
      const query: Query = [['_id', id ?? '']];
      return id === undefined
        ? byCanonical<ValueSet>(exchange, 'ValueSet', canonical)
        : (await definitions<ValueSet>(exchange, 'ValueSet', query))[0];
    },
    codeSystem: (canonical) => byCanonical<CodeSystem>(exchange, 'CodeSystem', canonical),
  };
}

/** The definition that the path of an operation names. @throws FhirError 404 */
export async function ofPath<T extends Definition>(
  exchange: Exchange,
  type: T['resourceType'],
): Promise<T | undefined> {
  const { caller, context, route } = exchange;
  if (route.kind !== 'operation' || route.id === undefined) {
    return undefined;
  }
  const { content } = await context.interactions.read(caller, type, route.id);
  return JSON.parse(content) as T;
}

/** The definition of a canonical; without a version the newest active one, else the newest. */
export async function byCanonical<T extends Definition>(
  exchange: Exchange,
  type: T['resourceType'],
  canonical: string,
): Promise<T | undefined> {
  const [url = '', version] = canonical.split('|');
  if (url === '') {
    throw fhirError(400, 'value', 'A canonical must begin with a url.');
  }
  const found = await definitions<T>(exchange, type, [['url', escaped(url)]]);
  return found
    .filter((each) => each.url === url && (version === undefined || each.version === version))
    .sort(
      (a, b) =>
        Number(b.status === 'active') - Number(a.status === 'active') ||
        Date.parse(b.meta?.lastUpdated ?? '') - Date.parse(a.meta?.lastUpdated ?? ''),
    )[0];
}

/** Definitions found by a search, at most VERSIONS_MAX; none where the caller may not search for them. */
export async function definitions<T extends Definition>(
  { caller, context }: Exchange,
  type: T['resourceType'],
  query: Query,
): Promise<readonly T[]> {
  if (!mayAtAll(caller, 'search', type)) {
    return [];
  }
  const page = await context.interactions.search(caller, type, [...query, ['_count', String(VERSIONS_MAX)]], {
    lenient: false,
  });
  return page.matches.map(({ content }) => JSON.parse(content) as T);
}

/** A value as it stands in a search (FHIR R4 search.html#escaping). */
export function escaped(value: string): string {
  return value.replace(/[\\,|$]/g, '\\$&');
}
