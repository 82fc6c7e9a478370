import { referenceType } from '../check-reference.ts';
import { isObject } from '../json.ts';
import type { Walk } from '../walk.ts';
import type { Constraint, Slicing, TypedValue } from './constraint.ts';
import type { ProfileContext } from './profile.ts';
import { constraintAt, demandAt } from './slice-demand.ts';
import { valuesOf } from './typed-values.ts';

/**
 * Whether a value belongs to a slice. Undefined where that cannot be told: a discriminator looks into another resource,
 * or asks for a profile that is not known.
 */
export function belongs(
  value: TypedValue,
  slice: Constraint,
  slicing: Slicing,
  context: ProfileContext,
  walk: Walk,
): boolean | undefined {
  for (const { type, path } of slicing.discriminators) {
    const found = discriminates(type, path, value, slice, context, walk);
    if (found !== true) {
      return found;
    }
  }
  return slicing.discriminators.length > 0 ? true : undefined;
}

function discriminates(
  type: string,
  path: string,
  value: TypedValue,
  slice: Constraint,
  context: ProfileContext,
  walk: Walk,
): boolean | undefined {
  const steps = stepsOf(path);
  if (steps === undefined) {
    return type === 'type' ? refersTo(path, value, slice, context, walk) : undefined;
  }
  const values = steps.reduce<TypedValue[]>((each, step) => each.flatMap((one) => stepInto(one, step)), [value]);
  switch (type) {
    case 'exists': {
      const at = constraintAt(slice, steps, context);
      return at === undefined ? undefined : at.max === 0 ? values.length === 0 : values.length > 0;
    }
    case 'type': {
      const types = constraintAt(slice, steps, context)?.types;
      return types === undefined
        ? undefined
        : values.some((each) => types.some((allowed) => allowed.type === each.type));
    }
    case 'value':
    case 'pattern': {
      const test = demandAt(slice, steps, context);
      return test === undefined ? undefined : values.some((each) => test(each.value));
    }
    case 'profile':
      return keepsTo(values, constraintAt(slice, steps, context), context, walk);
    default:
      return undefined;
  }
}

/** Whether one of the values keeps to one of the profiles that a slice demands of its type. */
function keepsTo(
  values: readonly TypedValue[],
  demanded: Constraint | undefined,
  context: ProfileContext,
  walk: Walk,
): boolean | undefined {
  const canonicals = demanded?.types?.flatMap(({ profiles }) => profiles) ?? [];
  const profiles = canonicals.flatMap((canonical) => context.profiles(canonical) ?? []);
  if (canonicals.length === 0 || profiles.length < canonicals.length) {
    return undefined;
  }
  const told = values.flatMap(({ value, type }) =>
    profiles
      .filter((profile) => profile.type === type && isObject(value))
      .map((profile) => isObject(value) && walk.passes(() => profile.check(value, walk))),
  );
  return told.includes(true) ? true : told.includes(undefined) ? undefined : false;
}

/** `code.coding`, `$this`, `extension('url').value`; undefined for paths that leave the resource. */
function stepsOf(path: string): string[] | undefined {
  const steps: string[] = path.match(/extension\('[^']*'\)|ofType\([A-Za-z]+\)|resolve\(\)|[^.]+/g) ?? [];
  return steps.includes('resolve()') ? undefined : steps.filter((step) => step !== '$this');
}

function stepInto(from: TypedValue, step: string): TypedValue[] {
  const extension = /^extension\('(.*)'\)$/.exec(step)?.[1];
  if (extension !== undefined) {
    return valuesOf(from.value, from.type, 'extension').filter(
      ({ value }) => isObject(value) && value.url === extension,
    );
  }
  const type = /^ofType\((.*)\)$/.exec(step)?.[1];
  return type === undefined ? valuesOf(from.value, from.type, step) : from.type === type ? [from] : [];
}

/** `resolve()` as the path of a type discriminator: the type can be seen in the reference. */
function refersTo(
  path: string,
  value: TypedValue,
  slice: Constraint,
  context: ProfileContext,
  walk: Walk,
): boolean | undefined {
  const steps = stepsOf(path.replace(/\.?resolve\(\)$/, ''));
  if (steps === undefined || path.replace(/\.?resolve\(\)$/, '').includes('resolve()')) {
    return undefined;
  }
  const targets = constraintAt(slice, steps, context)?.types?.flatMap((type) => type.targets) ?? [];
  const types = targets.map(
    (canonical) => context.profiles(canonical)?.type ?? canonical.slice(canonical.lastIndexOf('/') + 1),
  );
  const found = steps
    .reduce<TypedValue[]>((each, step) => each.flatMap((one) => stepInto(one, step)), [value])
    .map((each) => (isObject(each.value) ? referenceType(each.value, walk.container) : undefined));
  return found.includes(undefined) || types.length === 0 ? undefined : found.some((type) => types.includes(type ?? ''));
}
