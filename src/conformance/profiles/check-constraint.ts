import { checkInvariants } from '../invariants/check.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { Walk } from '../walk.ts';
import type { Constraint, Slice, Slicing, TypedValue } from './constraint.ts';
import type { ProfileContext } from './profile.ts';
import { belongs } from './slicing.ts';
import { plainName, valuesOf } from './typed-values.ts';
import { valueFault } from './value-fault.ts';

/** What a check of a value against a constraint needs beside the two. */
export interface Checking {
  readonly walk: Walk;
  readonly context: ProfileContext;
  /** The canonical that faults are told with. */
  readonly profile: string;
}

/** A value against all that a profile says of it and of what is below it. The walk stands at the value. */
export function checkValue({ value, type, element }: TypedValue, constraint: Constraint, checking: Checking): void {
  const { walk, profile, context } = checking;
  const before = walk.errors;
  const fault = valueFault(value, type, constraint, walk, context);
  if (fault !== undefined) {
    walk.fault(fault.code, `${fault.words} (profile ${profile}).`);
    return;
  }
  if (!isObject(value)) {
    // Of a primitive, id and extensions stand beside it.
    for (const child of constraint.children.filter(({ name }) => name === 'id' || name === 'extension')) {
      checkElement(isObject(element) ? element : {}, 'Element', child, checking);
    }
  } else {
    for (const child of constraint.children) {
      checkElement(value, type, child, checking);
    }
    // Extensions are checked against their definitions wherever they stand, in profiled elements or not.
    const types = type === 'Extension' ? [] : (constraint.types?.filter((each) => each.type === type) ?? []);
    checkTypeProfiles(
      value,
      types.flatMap(({ profiles }) => profiles),
      checking,
    );
  }
  if (walk.errors === before && value !== null) {
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
  const members = new Map<Slice, TypedValue[]>(constraint.slices.map((slice) => [slice, []]));
  let last = -1;
  for (const each of values) {
    const told = constraint.slices.map((slice) => belongs(each, slice.constraint, slicing, context, walk));
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
      members.get(slice)?.push(each);
      checkValue(each, slice.constraint, checking);
    });
    last = slice === undefined ? (slicing.rules === 'openAtEnd' ? Number.POSITIVE_INFINITY : last) : place;
  }
  for (const [slice, own] of members) {
    checkCount(own.length, slice.constraint, name, `${name}:${slice.name}`, checking);
    if (slice.constraint.slicing !== undefined && slice.constraint.slices.length > 0) {
      checkSlices(own, slice.constraint, slice.constraint.slicing, name, checking);
    }
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

/** A value whose type is profiled keeps to one of the profiles; those that are not known can't be checked. */
function checkTypeProfiles(
  value: JsonObject,
  canonicals: readonly string[],
  { walk, context, profile }: Checking,
): void {
  const known = canonicals.flatMap((canonical) => context.profiles(canonical) ?? []);
  if (known.length < canonicals.length) {
    return;
  }
  if (known.length === 1) {
    known[0]?.check(value, walk);
  } else if (known.length > 1 && known.every((each) => walk.passes(() => each.check(value, walk)) === false)) {
    walk.fault('value', `This keeps to none of ${canonicals.join(', ')} (profile ${profile}).`);
  }
}

function at(value: TypedValue, name: string, walk: Walk, check: () => void): void {
  walk.path.enter(name, value.index);
  check();
  walk.path.leave();
}
