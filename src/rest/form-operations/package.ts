import type { Bundle, BundleEntry, Resource } from '@medplum/fhirtypes';
import { mayAtAll } from '../../access/predicate.ts';
import { type Dependency, dependenciesOf } from '../../forms/package/dependencies.ts';
import type { Issue } from '../../model/issue.ts';
import { operationOutcome } from '../../model/issue.ts';
import { textAnswer } from '../answer.ts';
import { escaped } from '../codes/definitions.ts';
import type { Endpoint, Exchange } from '../exchange.ts';
import { OperationInput } from '../operation-input.ts';
import { askedQuestionnaire, FORM_NAMES } from './asked-questionnaire.ts';

const RESOURCES_MAX = 500;
const CHARACTERS_MAX = 50_000_000;
/** Definitions that are looked for, found or not. */
const LOOKED_FOR_MAX = 2000;
const VERSIONS_MAX = 100;

interface Definition {
  readonly url?: string;
  readonly version?: string;
  readonly status?: string;
  readonly meta?: { readonly lastUpdated?: string };
}

/**
 * Questionnaire/$package and Questionnaire/[id]/$package, a part of CRMI's: a form with all that it depends on, and what
 * that depends on, as far as it is stored here and the caller may read it. Where nothing is missing the Bundle is a
 * transaction that another server can be sent: each entry updates what has the same url and version, or creates it. Else it
 * is a collection, and an OperationOutcome in it says what is missing.
 */
export const packageForm: Endpoint = async (exchange) => {
  const input = new OperationInput(exchange, FORM_NAMES, { Questionnaire: 'questionnaire' });
  const root = await askedQuestionnaire(exchange, input);
  const { resources, issues } = await collected(exchange, root);
  const missing = issues.some(({ severity }) => severity === 'warning');
  const outcome: BundleEntry[] = missing ? [{ resource: operationOutcome(issues) }] : [];
  const bundle: Bundle = {
    resourceType: 'Bundle',
    type: missing ? 'collection' : 'transaction',
    timestamp: exchange.context.clock.now().toISOString(),
    entry: [...resources.map((each) => entryOf(each, exchange.request.baseUrl, !missing)), ...outcome],
  };
  return textAnswer(exchange, JSON.stringify(bundle));
};

const tooLarge = warning('The package would be too large; it is not complete.');

/** Everything that is needed, breadth first, each once. */
async function collected(
  exchange: Exchange,
  root: Resource,
): Promise<{ resources: readonly Resource[]; issues: readonly Issue[] }> {
  const resources = [root];
  const issues: Issue[] = [];
  const met = new Set([keyOf(root)]);
  const asked = new Set<string>();
  const urls = new Set([urlKeyOf(root)]);
  let characters = 0;
  for (const resource of resources) {
    for (const dependency of dependenciesOf(resource)) {
      const { type, canonical } = dependency;
      if (asked.has(`${type} ${canonical}`)) continue;
      asked.add(`${type} ${canonical}`);
      // A canonical without version is answered by what is in the package already.
      if (urls.has(`${type} ${canonical}`)) continue;
      if (asked.size > LOOKED_FOR_MAX) {
        return { resources, issues: [...issues, tooLarge] };
      }
      const found = await stored(exchange, dependency);
      if (found === undefined) {
        if (!dependency.optional) issues.push(warning(`The ${type} ${canonical} is not known here.`));
        continue;
      }
      if (met.has(keyOf(found.resource))) continue;
      met.add(keyOf(found.resource));
      characters += found.characters;
      if (resources.length >= RESOURCES_MAX || characters > CHARACTERS_MAX) {
        return { resources, issues: [...issues, tooLarge] };
      }
      resources.push(found.resource);
      urls.add(urlKeyOf(found.resource));
    }
  }
  return { resources, issues };
}

/** The version that a canonical names; without one, the newest active one, else the newest. */
async function stored(
  { caller, context }: Exchange,
  { type, canonical }: Dependency,
): Promise<{ resource: Resource; characters: number } | undefined> {
  const [url = '', version] = canonical.split('|');
  if (context.searchParameters.get(type, 'url') === undefined || !mayAtAll(caller, 'search', type)) {
    return undefined;
  }
  const query = [
    ['url', escaped(url)],
    ['_count', String(VERSIONS_MAX)],
  ] as const;
  const { matches } = await context.interactions.search(caller, type, query, { lenient: false });
  const [best] = matches
    .map(({ content }) => ({ resource: JSON.parse(content) as Resource & Definition, characters: content.length }))
    .filter(({ resource }) => resource.url === url && (version === undefined || resource.version === version))
    .sort(
      ({ resource: a }, { resource: b }) =>
        Number(b.status === 'active') - Number(a.status === 'active') ||
        Date.parse(b.meta?.lastUpdated ?? '') - Date.parse(a.meta?.lastUpdated ?? ''),
    );
  return best;
}

function entryOf(resource: Resource, baseUrl: string, request: boolean): BundleEntry {
  const { resourceType: type, id } = resource;
  const { url, version }: Definition = resource as Definition;
  const { meta: _, ...definition } = resource;
  const fullUrl = id === undefined ? {} : { fullUrl: `${baseUrl}/${type}/${id}` };
  if (!request) {
    return { ...fullUrl, resource: definition as Resource };
  }
  const criteria = new URLSearchParams({ url: escaped(url ?? ''), ...(version && { version: escaped(version) }) });
  return { ...fullUrl, resource: definition as Resource, request: { method: 'PUT', url: `${type}?${criteria}` } };
}

function keyOf(resource: Resource): string {
  const { url, version }: Definition = resource as Definition;
  return [resource.resourceType, url ?? resource.id, version].join(' ');
}

function urlKeyOf(resource: Resource): string {
  const { url = '' }: Definition = resource as Definition;
  return `${resource.resourceType} ${url}`;
}

function warning(diagnostics: string): Issue {
  return { severity: 'warning', code: 'not-found', diagnostics };
}
