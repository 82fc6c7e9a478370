import type { ResourceType } from '../model/resource-types.ts';
import type { Endpoint } from './exchange.ts';

export type OperationLevel = 'system' | 'type' | 'instance';

/** One operation: what the capability statement says of it, and what carries it out (FHIR R4 operations.html). */
export interface Operation {
  /** Without the dollar sign. */
  readonly code: string;
  /** Canonical of its OperationDefinition. */
  readonly definition: string;
  readonly levels: readonly OperationLevel[];
  /** The resource types that have it at type and instance level. */
  readonly types: readonly ResourceType[] | 'all';
  /** True: only POST (FHIR R4 operations.html#executing). */
  readonly affectsState: boolean;
  readonly endpoint: Endpoint;
}

/** The operations that this server has; rooms add theirs at start. */
export class Operations {
  readonly #byCode: ReadonlyMap<string, readonly Operation[]>;

  /** One code may stand more than once, for different types. */
  constructor(operations: readonly Operation[]) {
    this.#byCode = Map.groupBy(operations, (operation) => operation.code);
  }

  find(code: string, level: OperationLevel, type: ResourceType | undefined): Operation | undefined {
    return this.#byCode
      .get(code)
      ?.find((operation) => operation.levels.includes(level) && (type === undefined || hasType(operation, type)));
  }

  /** Those that one type has at type or instance level. */
  ofType(type: ResourceType): readonly Operation[] {
    return [...this.#byCode.values()]
      .flat()
      .filter((operation) => operation.levels.some((level) => level !== 'system') && hasType(operation, type));
  }

  ofSystem(): readonly Operation[] {
    return [...this.#byCode.values()].flat().filter((operation) => operation.levels.includes('system'));
  }
}

function hasType({ types }: Operation, type: ResourceType): boolean {
  return types === 'all' || types.includes(type);
}
