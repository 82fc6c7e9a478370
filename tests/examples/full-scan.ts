import type { Bundle } from '@medplum/fhirtypes';
import type { Instance } from './instances.ts';
import type { Parameter, Value } from './package-values.ts';
import { type Question, questionsOf } from './questions.ts';

/** A search of one type, and the ids that it must find: those of all stored examples that the oracle says match. */
export interface Search {
  readonly query: string;
  readonly expected: readonly string[];
}

/**
 * Every search that the values of a parameter in the stored examples give rise to, and `:missing` with both answers. What
 * must be found is told by reading the parameter of every stored resource of the type: no index is asked.
 */
export function searchesBy(parameter: Parameter, ofType: readonly Instance[]): readonly Search[] {
  const read = new Map<Instance, readonly Value[]>(ofType.map((each) => [each, parameter.read(each.resource)]));
  const questions = new Map<string, Question>();
  for (const values of read.values()) {
    for (const value of values) {
      for (const question of questionsOf(parameter, value)) {
        questions.set(`${question.name}=${question.value}`, question);
      }
    }
  }
  const search = (name: string, value: string, found: (values: readonly Value[]) => boolean): Search => ({
    query: `${parameter.type}?${name}=${encodeURIComponent(value)}`,
    expected: [...read]
      .filter(([, values]) => found(values))
      .map(([{ id }]) => id)
      .sort(),
  });
  return [
    ...[...questions.values()].map(({ name, value, found }) => search(name, value, found)),
    search(`${parameter.code}:missing`, 'true', (values) => !present(parameter, values)),
    search(`${parameter.code}:missing`, 'false', (values) => present(parameter, values)),
  ];
}

/** A composite has a value where all its components have one in the same element. */
function present(parameter: Parameter, values: readonly Value[]): boolean {
  return parameter.kind === 'composite'
    ? values.some((value) => questionsOf(parameter, value).length > 0)
    : values.length > 0;
}

/** Searches a batch Bundle. */
const TOGETHER = 100;

/** Those searches whose answer is not what was expected, with what came instead. */
export async function wrongAnswers(base: string, searches: readonly Search[]): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (let from = 0; from < searches.length; from += TOGETHER) {
    const asked = searches.slice(from, from + TOGETHER);
    const answers = await batch(
      base,
      asked.map(({ query }) => `${query}&_count=1000&_elements=id`),
    );
    asked.forEach(({ query, expected }, index) => {
      const found = answers[index];
      const got = typeof found === 'string' ? found : [...(found ?? [])].sort().join(' ');
      if (got !== expected.join(' ')) {
        wrong.push(`${decodeURIComponent(query)}\n  expected ${expected.join(' ')}\n  got      ${got}`);
      }
    });
  }
  return wrong;
}

/** The ids of the matches of each search, or why it was refused. */
async function batch(base: string, urls: readonly string[]): Promise<readonly (readonly string[] | string)[]> {
  const answer = await fetch(base, {
    method: 'POST',
    headers: { 'content-type': 'application/fhir+json' },
    body: JSON.stringify({
      resourceType: 'Bundle',
      type: 'batch',
      entry: urls.map((url) => ({ request: { method: 'GET', url } })),
    }),
  });
  const { entry = [] } = (await answer.json()) as Bundle;
  return entry.map(({ response, resource }) => {
    if (response?.status.startsWith('200') !== true || resource?.resourceType !== 'Bundle') {
      return `${response?.status} ${JSON.stringify(response?.outcome)}`;
    }
    return (resource.entry ?? [])
      .filter(({ search }) => search?.mode === 'match')
      .map(({ resource: found }) => found?.id ?? '');
  });
}
