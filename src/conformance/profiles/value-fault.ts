import { order } from '../../fhirpath/equality.ts';
import { structures } from '../../model/r4/structures.ts';
import { binding } from '../binding.ts';
import { referenceType } from '../check-reference.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { Walk } from '../walk.ts';
import type { ConstrainedType, Constraint } from './constraint.ts';
import { contains, equals } from './pattern.ts';
import type { ProfileContext } from './profile.ts';

export interface Fault {
  readonly code: 'value' | 'code-invalid' | 'too-long';
  readonly words: string;
}

/** What is wrong with a value itself, by what a profile says of its element; its children are not looked at. */
export function valueFault(
  value: unknown,
  type: string,
  constraint: Constraint,
  walk: Walk,
  context: ProfileContext,
): Fault | undefined {
  const { types, fixed, pattern, maxLength, least, most, required } = constraint;
  const allowed = types?.filter((each) => each.type === type || isAny(each.type, type)) ?? [];
  // Backbone elements have types of their own here (`Patient.contact`) and primitives' system types no name at all.
  if (types !== undefined && allowed.length === 0 && !type.includes('.') && !types.some(isSystemType)) {
    return { code: 'value', words: `The type must be ${types.map((each) => each.type).join(' or ')}` };
  }
  if (value === null || value === undefined) {
    return undefined;
  }
  if (type === 'Reference' && isObject(value)) {
    const fault = targetFault(value, allowed, walk, context);
    if (fault !== undefined) {
      return fault;
    }
  }
  if (fixed !== undefined && !equals(value, fixed)) {
    return { code: 'value', words: `The value must be ${shown(fixed)}` };
  }
  if (pattern !== undefined && !contains(value, pattern)) {
    return { code: 'value', words: `The value must have ${shown(pattern)}` };
  }
  if (maxLength !== undefined && typeof value === 'string' && isLonger(value, maxLength)) {
    return { code: 'too-long', words: `The text may have at most ${maxLength} characters` };
  }
  if (least !== undefined && (order(value, type, least.value, least.type) ?? 0) < 0) {
    return { code: 'value', words: `The value must be at least ${shown(least.value)}` };
  }
  if (most !== undefined && (order(value, type, most.value, most.type) ?? 0) > 0) {
    return { code: 'value', words: `The value must be at most ${shown(most.value)}` };
  }
  const has = required === undefined ? undefined : context.valueSet(required);
  return has !== undefined && binding(type, has, '')(value) !== undefined
    ? { code: 'code-invalid', words: `The code must be one of value set ${required}` }
    : undefined;
}

/** Whether a definition's type stands for any resource, and the value is one. */
function isAny(allowed: string, type: string): boolean {
  return (allowed === 'Resource' || allowed === 'DomainResource') && structures().get(type)?.kind === 'resource';
}

/** Characters are counted as Unicode has them. */
function isLonger(text: string, max: number): boolean {
  return text.length > max && [...text].length > max;
}

function isSystemType({ type }: ConstrainedType): boolean {
  return type.startsWith('http://hl7.org/fhirpath/');
}

function targetFault(
  reference: JsonObject,
  allowed: readonly ConstrainedType[],
  walk: Walk,
  context: ProfileContext,
): Fault | undefined {
  const types = allowed
    .flatMap(({ targets }) => targets)
    .map((each) => context.profiles(each)?.type ?? each.slice(each.lastIndexOf('/') + 1));
  const type = referenceType(reference, walk.container);
  const known = types.every((each) => /^[A-Z][A-Za-z]+$/.test(each));
  return type === undefined || types.length === 0 || !known || types.includes('Resource') || types.includes(type)
    ? undefined
    : { code: 'value', words: `A reference to ${type} is not allowed here, only to ${types.join(', ')}` };
}

/** What a profile demands, which is no patient's data; long values are cut. */
function shown(value: unknown): string {
  const json = JSON.stringify(value);
  return json.length > 200 ? `${json.slice(0, 200)}…` : json;
}
