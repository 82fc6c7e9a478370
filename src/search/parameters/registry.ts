import type { SearchParameter } from '@medplum/fhirtypes';
import type { SearchParameterData } from '../../model/r4/search-parameter-data.ts';
import { partFor } from '../../model/r4/union-parts.ts';
import { isResourceType, type ResourceType, resourceTypes } from '../../model/resource-types.ts';
import type { SearchParameterDef, SearchParameters } from '../parameters.ts';

/** A SearchParameter resource that this server holds beside those of R4, and where its rows stand. */
export interface CustomSearchParameter {
  readonly resource: SearchParameter;
  /** One entry for each base type, from the table search_parameter. A base without an entry is left out. */
  readonly placed: readonly { readonly type: string; readonly ordinal: number; readonly complete: boolean }[];
}

/**
 * The search parameters of R4 and those that this server holds beside them. A custom parameter whose type already has one
 * of its code is left out: R4's definition stands.
 *
 * @param data what r4.generated.js holds
 */
export function searchParameterRegistry(
  data: readonly SearchParameterData[],
  custom: readonly CustomSearchParameter[] = [],
): SearchParameters {
  const types = new Map<string, Map<string, SearchParameterDef>>();
  const common = data.filter((row) => row.type === 'Resource');
  const own = Map.groupBy(data, (row) => row.type);
  for (const type of resourceTypes) {
    types.set(type, definitionsOf(type, [...common, ...(own.get(type) ?? [])]));
  }
  for (const { resource, placed } of custom) {
    for (const { type, ordinal, complete } of placed) {
      const ofType = types.get(type);
      if (isResourceType(type) && ofType !== undefined && !ofType.has(resource.code)) {
        addCustom(ofType, { type, resource, ordinal, complete }, types);
      }
    }
  }
  const lists = new Map([...types].map(([type, ofType]) => [type, [...ofType.values()]]));
  return {
    get: (type, code) => types.get(type)?.get(code),
    list: (type) => lists.get(type) ?? [],
    hasWords: () => true,
  };
}

function definitionsOf(type: ResourceType, rows: readonly SearchParameterData[]): Map<string, SearchParameterDef> {
  const made = new Map<string, SearchParameterDef>();
  const simpleFirst = [...rows.filter((row) => !row.components), ...rows.filter((row) => row.components)];
  for (const row of simpleFirst) {
    made.set(row.code, {
      type,
      code: row.code,
      url: row.url,
      kind: row.kind,
      expression: row.expression,
      keptAs: row.keptAs ?? row.code,
      ...(row.only === undefined ? {} : { only: row.only }),
      targets: row.only ? [row.only] : targetsOf(row.kind, row.targets),
      ...(row.impliedSystem === undefined ? {} : { impliedSystem: row.impliedSystem }),
      ...(row.components === undefined
        ? {}
        : {
            components: row.components.flatMap(({ code, expression }) => {
              const param = made.get(code);
              return param === undefined ? [] : [{ param, expression }];
            }),
          }),
      ordinal: row.ordinal,
      complete: true,
    });
  }
  for (const param of made.values()) {
    const unionOf = partsOf(param.code).filter((code) => made.get(code)?.kind === param.kind);
    if (unionOf.length === 2) {
      made.set(param.code, { ...param, unionOf });
    }
  }
  return new Map([...made].sort(([, a], [, b]) => a.ordinal - b.ordinal));
}

/** Observation's combo-… are what is said of the observation itself or of one of its components. */
function partsOf(code: string): readonly string[] {
  const [, of] = /^combo-(.+)$/.exec(code) ?? [];
  return of === undefined ? [] : [of, `component-${of}`];
}

/** A reference parameter that names no target may refer to anything. */
function targetsOf(kind: string, targets: readonly ResourceType[] | '*' = []): readonly ResourceType[] {
  return targets === '*' || (kind === 'reference' && targets.length === 0) ? resourceTypes : targets;
}

function addCustom(
  ofType: Map<string, SearchParameterDef>,
  {
    type,
    resource,
    ordinal,
    complete,
  }: { type: ResourceType; resource: SearchParameter; ordinal: number; complete: boolean },
  types: ReadonlyMap<string, ReadonlyMap<string, SearchParameterDef>>,
): void {
  const expression = partFor(type, resource.expression ?? '');
  if (expression === undefined || expression === '') {
    return;
  }
  const components = (resource.component ?? []).flatMap((component) => {
    const param = [...(types.get(type)?.values() ?? [])].find((each) => each.url === component.definition);
    return param === undefined || component.expression === undefined
      ? []
      : [{ param, expression: component.expression }];
  });
  const targets = (resource.target ?? []).filter(isResourceType);
  ofType.set(resource.code, {
    type,
    code: resource.code,
    url: resource.url,
    kind: resource.type,
    expression,
    keptAs: resource.code,
    targets: targetsOf(resource.type, targets),
    ...(components.length > 0 ? { components } : {}),
    ordinal,
    complete,
  });
}
