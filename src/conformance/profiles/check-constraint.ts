import { binding } from '../binding.ts';
import { referenceType } from '../check-reference.ts';
import { checkInvariants } from '../invariants/check.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { Walk } from '../walk.ts';
import type { ConstrainedType, Constraint, Slicing, TypedValue } from './constraint.ts';
import { contains, equals } from './pattern.ts';
import type { ProfileContext } from './profile.ts';
import { belongs } from './slicing.ts';
import { plainName, valuesOf } from './typed-values.ts';

/** What a check of a value against a constraint needs beside the two. */
export interface Checking {
  readonly walk: Walk;
  readonly context: ProfileContext;
  /** The canonical that faults are told with. */
  readonly profile: string;
}

/** A value against all that a profile says of it and of what is below it. The walk stands at the value. */
export function checkValue({ value, type }: TypedValue, constraint: Constraint, checking: Checking): void {
  const { walk, profile, context } = checking;
  const before = walk.errors;
  const fault = valueFault(value, type, constraint, checking);
  if (fault !== undefined) {
    walk.fault(fault.code, `${fault.words} (profile ${profile}).`);
    return;
  }
  if (isObject(value)) {
    for (const child of constraint.children) {
      checkElement(value, type, child, checking);
    }
    // Extensions are checked against their definitions wherever they stand, in profiled elements or not.
    const profiles = type === 'Extension' ? [] : (constraint.types?.find((each) => each.type === type)?.profiles ?? []);
    checkTypeProfiles(value, profiles, walk, context);
  }
  if (walk.errors === before) {
    checkInvariants(value, constraint.invariantsFor(type), walk);
  }
}

/** All values of one element of an object: how many there are, each of them, and the slices that they belong to. */
function checkElement(parent: JsonObject, type: string, constraint: Constraint, checking: Checking): void {
  const values = valuesOf(parent, type, constraint.name);
  const name = plainName(type, constraint.name);
  checkCount(values.length, constraint, name, constraint.name, checking);
  for (const each of values) {
    at(each, name, checking.walk, () => checkValue(each, constraint, checking));
  }
  if (constraint.slicing !== undefined && constraint.slices.length > 0) {
    checkSlices(values, constraint, constraint.slicing, name, checking);
  }
}

function checkSlices(
  values: readonly TypedValue[],
  constraint: Constraint,
  slicing: Slicing,
  name: string,
  checking: Checking,
): void {
  const { walk, context, profile } = checking;
  const counts = new Map<string, number>();
  let last = -1;
  for (const each of values) {
    const told = constraint.slices.map((slice) => belongs(each, slice.constraint, slicing, context, walk.container));
    if (told.includes(undefined) && !told.includes(true)) {
      walk.warning(
        'not-supported',
        `It cannot be told here which slice of ${profile} this belongs to; its slices were not checked.`,
        name,
      );
      return;
    }
    const place = told.indexOf(true);
    const slice = constraint.slices[place];
    at(each, name, walk, () => {
      if (slice === undefined) {
        if (slicing.rules === 'closed') {
          walk.fault('structure', `This belongs to none of the slices that are allowed here (profile ${profile}).`);
        }
        return;
      }
      if ((slicing.ordered && place < last) || (slicing.rules === 'openAtEnd' && last === Number.POSITIVE_INFINITY)) {
        walk.fault('structure', `Slice ${slice.name} is out of order (profile ${profile}).`);
      }
      counts.set(slice.name, (counts.get(slice.name) ?? 0) + 1);
      checkValue(each, slice.constraint, checking);
    });
    last = slice === undefined ? (slicing.rules === 'openAtEnd' ? Number.POSITIVE_INFINITY : last) : place;
  }
  for (const slice of constraint.slices) {
    checkCount(counts.get(slice.name) ?? 0, slice.constraint, name, `${name}:${slice.name}`, checking);
  }
}

/** @param words what is counted, as the profile calls it */
function checkCount(
  count: number,
  { min, max }: Constraint,
  name: string,
  words: string,
  { walk, profile }: Checking,
): void {
  if (count < min) {
    const times = min > 1 ? ` at least ${min} times` : '';
    walk.fault('required', `${words} must be given${times} (profile ${profile}).`, name);
  } else if (count > max) {
    const limit = max === 0 ? 'may not be given' : `may be given at most ${max === 1 ? 'once' : `${max} times`}`;
    walk.fault('structure', `${words} ${limit} (profile ${profile}).`, name);
  }
}

interface Fault {
  readonly code: 'value' | 'code-invalid' | 'too-long';
  readonly words: string;
}

function valueFault(
  value: unknown,
  type: string,
  constraint: Constraint,
  { walk, context }: Checking,
): Fault | undefined {
  const { types, fixed, pattern, maxLength, required } = constraint;
  const allowed = types?.find((each) => each.type === type);
  // Backbone elements have types of their own here (`Patient.contact`) and primitives' system types no name at all.
  if (types !== undefined && allowed === undefined && !type.includes('.') && !types.some(isSystemType)) {
    return { code: 'value', words: `The type must be ${types.map((each) => each.type).join(' or ')}` };
  }
  if (value === null || value === undefined) {
    return undefined;
  }
  if (type === 'Reference' && allowed !== undefined && isObject(value)) {
    return targetFault(value, allowed, walk, context);
  }
  if (fixed !== undefined && !equals(value, fixed)) {
    return { code: 'value', words: `The value must be ${shown(fixed)}` };
  }
  if (pattern !== undefined && !contains(value, pattern)) {
    return { code: 'value', words: `The value must have ${shown(pattern)}` };
  }
  if (maxLength !== undefined && typeof value === 'string' && value.length > maxLength) {
    return { code: 'too-long', words: `The text may have at most ${maxLength} characters` };
  }
  const has = required === undefined ? undefined : context.valueSet(required);
  return has !== undefined && binding(type, has, '')(value) !== undefined
    ? { code: 'code-invalid', words: `The code must be one of value set ${required}` }
    : undefined;
}

function isSystemType({ type }: ConstrainedType): boolean {
  return type.startsWith('http://hl7.org/fhirpath/');
}

function targetFault(
  reference: JsonObject,
  { targets }: ConstrainedType,
  walk: Walk,
  context: ProfileContext,
): Fault | undefined {
  const types = targets.map((each) => context.profiles(each)?.type ?? each.slice(each.lastIndexOf('/') + 1));
  const type = referenceType(reference, walk.container);
  const known = types.every((each) => /^[A-Z][A-Za-z]+$/.test(each));
  return type === undefined || types.length === 0 || !known || types.includes('Resource') || types.includes(type)
    ? undefined
    : { code: 'value', words: `A reference to ${type} is not allowed here, only to ${types.join(', ')}` };
}

/** A value whose type is profiled keeps to one of the profiles; those that are not known can't be checked. */
function checkTypeProfiles(
  value: JsonObject,
  canonicals: readonly string[],
  walk: Walk,
  context: ProfileContext,
): void {
  const [profile, ...others] = canonicals.flatMap((canonical) => context.profiles(canonical) ?? []);
  if (profile !== undefined && others.length === 0 && canonicals.length === 1) {
    profile.check(value, walk);
  }
}

function at(value: TypedValue, name: string, walk: Walk, check: () => void): void {
  walk.path.enter(name, value.index);
  check();
  walk.path.leave();
}

/** What a profile demands, which is no patient's data; long values are cut. */
function shown(value: unknown): string {
  const json = JSON.stringify(value);
  return json.length > 200 ? `${json.slice(0, 200)}…` : json;
}
