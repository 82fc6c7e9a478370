import {
  badRequest,
  DEFAULT_MAX_SEARCH_COUNT,
  DEFAULT_SEARCH_COUNT,
  evalFhirPath,
  type Filter,
  formatSearchQuery,
  getDataType,
  getSearchParameter,
  OperationOutcomeError,
  Operator,
  parseSearchRequest,
  type SearchRequest,
  splitSearchOnComma,
  subsetResource,
  validateResource,
  type WithId,
} from '@medplum/core';
import { type CreateResourceOptions, MemoryRepository, type UpdateResourceOptions } from '@medplum/fhir-router';
import type { Bundle, Resource, ResourceType } from '@medplum/fhirtypes';

/**
 * Medplum's MemoryRepository with what its server does more (packages/server/src/fhir/search.ts and repo.ts of
 * github.com/medplum/medplum): pages with links, `_elements`, chains in both directions
 * (https://www.medplum.com/docs/search/chained-search), addresses compared as a whole, refusal of unknown parameters, of
 * resources that R4 does not allow, and of updates of what is not there. Canonicals are left as they are: both search
 * `questionnaire` by the whole text, version and all.
 */
export class MedplumRepository extends MemoryRepository {
  /** Address of FHIR, for links; without a slash at the end. */
  base = '';

  override async search<T extends Resource>(request: SearchRequest<T>): Promise<Bundle<WithId<T>>> {
    const { resourceType, fields, offset = 0 } = request;
    const count = Math.min(request.count ?? DEFAULT_SEARCH_COUNT, DEFAULT_MAX_SEARCH_COUNT);
    const filters = await Promise.all((request.filters ?? []).map((filter) => this.#understood(resourceType, filter)));
    const found = await super.search<T>({ ...request, filters, count: count + 1, offset });
    const entries = found.entry ?? [];
    const matches = entries.filter(({ search }) => search?.mode === 'match');
    const more = matches.length > count;
    const beyond = more ? matches.at(-1) : undefined;
    const page = (from: number) => `${this.base}/${resourceType}${formatSearchQuery({ ...request, offset: from })}`;
    return {
      ...found,
      entry: entries
        .filter((entry) => entry !== beyond)
        .map((entry) => ({
          ...entry,
          fullUrl: `${this.base}/${entry.resource?.resourceType}/${entry.resource?.id}`,
          ...(fields !== undefined && { resource: subset(entry.resource, fields) }),
        })),
      link: [
        { relation: 'self', url: page(offset) },
        ...(more ? [{ relation: 'next', url: page(offset + count) }] : []),
      ],
    };
  }

  override createResource<T extends Resource>(
    resource: T,
    options?: CreateResourceOptions,
    update?: boolean,
  ): Promise<WithId<T>> {
    validateResource(resource);
    return super.createResource(resource, options, update);
  }

  override async updateResource<T extends Resource>(resource: T, options?: UpdateResourceOptions): Promise<WithId<T>> {
    await this.readResource(resource.resourceType, resource.id ?? '');
    return super.updateResource(resource, options);
  }

  async #understood(type: ResourceType, filter: Filter): Promise<Filter> {
    const { code, value } = filter;
    if (code.startsWith('_has:')) return named(await this.#reverse(type, filter));
    if (code.includes('.')) return this.#forward(filter);
    const parameter = getSearchParameter(type, code);
    if (parameter === undefined) throw new OperationOutcomeError(badRequest(`Unknown search parameter: ${code}`));
    if (parameter.type !== 'uri') return filter;
    const wanted = splitSearchOnComma(value);
    const all = await super.search({ resourceType: type });
    const said = (resource: Resource) => evalFhirPath(parameter.expression ?? '', resource);
    return named(
      (all.entry ?? []).flatMap(({ resource }) =>
        resource !== undefined && said(resource).some((one) => wanted.includes(String(one))) ? resource.id : [],
      ),
    );
  }

  /** What points to something that meets a condition, such as `focus:EpisodeOfCare._has:Task:focus:status`. */
  async #forward({ code, value }: Filter): Promise<Filter> {
    const at = code.indexOf('.');
    const [by = '', to = ''] = code.slice(0, at).split(':');
    const { entry = [] } = await this.search(parseSearchRequest(to, { [code.slice(at + 1)]: value }));
    const found = entry.map(({ resource }) => `${to}/${resource?.id}`);
    return { code: by, operator: Operator.EQUALS, value: found.join(',') || `${to}/none` };
  }

  /** Ids of what is named by what meets a condition, such as `_has:EpisodeOfCare:patient:identifier`. */
  async #reverse(type: ResourceType, { code, value }: Filter): Promise<string[]> {
    const [, from = '', by = '', ...rest] = code.split(':');
    const parameter = getSearchParameter(from, by);
    const expression = parameter?.expression;
    if (expression === undefined) throw new OperationOutcomeError(badRequest(`Invalid search parameter: ${code}`));
    const { entry = [] } = await this.search(parseSearchRequest(from, { [rest.join(':')]: value }));
    return entry
      .flatMap(({ resource }) => (resource === undefined ? [] : evalFhirPath(expression, resource)))
      .flatMap((one) => {
        const [at, id] = (one as { reference?: string }).reference?.split('/') ?? [];
        return at === type && id !== undefined ? id : [];
      });
  }
}

function named(ids: readonly string[]): Filter {
  return { code: '_id', operator: Operator.EQUALS, value: ids.length === 0 ? 'none' : ids.join(',') };
}

function subset<T extends Resource>(resource: T | undefined, fields: readonly string[]): T | undefined {
  if (resource === undefined) return undefined;
  const { mandatoryProperties = [] } = getDataType(resource.resourceType);
  return subsetResource(resource, [...mandatoryProperties, ...fields]);
}
