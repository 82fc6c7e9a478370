import { FhirError, type Issue } from '../../model/issue.ts';
import { type ConceptLookup, withConcepts } from './concepts.ts';
import type { Query, SearchRequest } from './nodes.ts';

const ASKS_CONCEPTS = /:(?:in|not-in|above|below)$|^_filter$/;

/**
 * For a lenient client: the query without the parameters that need a value set or a code system which is not known here or
 * cannot be listed, and what it is told about them. A value set that is too large is refused all the same.
 *
 * @param read reads a part of the query, leniently
 */
export async function knownConcepts(
  query: Query,
  read: (part: Query) => SearchRequest,
  lookup: ConceptLookup,
): Promise<{ readonly query: Query; readonly notices: readonly Issue[] }> {
  const notices: Issue[] = [];
  const kept: (readonly [string, string])[] = [];
  const types = query.filter(([name]) => name === '_type');
  for (const parameter of query) {
    const unknown = ASKS_CONCEPTS.test(parameter[0])
      ? await unknownIn(() => read([...types, parameter]), lookup)
      : undefined;
    if (unknown === undefined) {
      kept.push(parameter);
    } else {
      notices.push({ severity: 'warning', code: 'not-supported', diagnostics: `Ignored: ${unknown}` });
    }
  }
  return { query: kept, notices };
}

async function unknownIn(read: () => SearchRequest, lookup: ConceptLookup): Promise<string | undefined> {
  try {
    await withConcepts(read().where, lookup);
    return undefined;
  } catch (error) {
    // What else is wrong comes up again when the whole query is read.
    const [issue] = error instanceof FhirError ? error.issues : [];
    return issue?.code === 'not-found' || issue?.code === 'not-supported' ? issue.diagnostics : undefined;
  }
}
