import { isResourceType, type ResourceType } from '../../model/resource-types.ts';
import { NotSupported, shortened } from './refusals.ts';

/** The name of a search parameter, taken apart. */
export interface ParameterName {
  readonly code: string;
  readonly modifier: string | undefined;
  /** What follows the first dot of a chain. */
  readonly chained: string | undefined;
}

/** `subject:Patient.name:exact` → subject, Patient, `name:exact`. */
export function parameterName(name: string): ParameterName {
  const dot = name.indexOf('.');
  const own = dot < 0 ? name : name.slice(0, dot);
  const colon = own.indexOf(':');
  return {
    code: colon < 0 ? own : own.slice(0, colon),
    modifier: colon < 0 ? undefined : own.slice(colon + 1),
    chained: dot < 0 ? undefined : name.slice(dot + 1),
  };
}

export interface ReverseChain {
  readonly type: ResourceType;
  readonly reference: string;
  readonly rest: string;
}

/** `_has:Observation:patient:code` → Observation, patient, `code`. */
export function reverseChain(name: string): ReverseChain {
  const [, type = '', reference = '', ...rest] = name.split(':');
  if (!isResourceType(type) || reference === '' || rest.length === 0) {
    throw new NotSupported(name, `"${shortened(name)}" is not of the form _has:Type:reference:parameter.`);
  }
  return { type, reference, rest: rest.join(':') };
}
