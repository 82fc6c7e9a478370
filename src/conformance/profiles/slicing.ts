import { referenceType } from '../check-reference.ts';
import type { Container } from '../container.ts';
import { isObject } from '../json.ts';
import type { Constraint, Slicing, TypedValue } from './constraint.ts';
import { contains, equals } from './pattern.ts';
import type { ProfileContext } from './profile.ts';
import { valuesOf } from './typed-values.ts';

/**
 * Whether a value belongs to a slice. Undefined where that cannot be told: a discriminator looks into another resource,
 * or asks whether one keeps to a profile.
 */
export function belongs(
  value: TypedValue,
  slice: Constraint,
  slicing: Slicing,
  context: ProfileContext,
  container: Container,
): boolean | undefined {
  for (const { type, path } of slicing.discriminators) {
    const found = discriminates(type, path, value, slice, context, container);
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
  container: Container,
): boolean | undefined {
  const steps = stepsOf(path);
  if (steps === undefined) {
    return type === 'type' ? refersTo(path, value, slice, context, container) : undefined;
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
      const test = testAt(slice, steps, context);
      return test === undefined ? undefined : values.some((each) => test(each.value));
    }
    default:
      return undefined;
  }
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

function constraintAt(from: Constraint, steps: readonly string[], context: ProfileContext): Constraint | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) {
    return from;
  }
  if (step.startsWith('ofType(')) {
    return constraintAt(from, rest, context);
  }
  const extension = /^extension\('(.*)'\)$/.exec(step)?.[1];
  const child =
    extension === undefined
      ? from.children.find(({ name }) => name === step || name === `${step}[x]`)
      : from.children
          .find(({ name }) => name === 'extension')
          ?.slices.find(({ constraint }) => urlOf(constraint) === extension)?.constraint;
  const here = child === undefined ? undefined : constraintAt(child, rest, context);
  return here ?? profileOf(from, context, (profile) => constraintAt(profile, steps, context));
}

/** What a slice demands of the value at a path: told there, or by a pattern further up, or by the profile of its type. */
function testAt(
  from: Constraint,
  steps: readonly string[],
  context: ProfileContext,
): ((value: unknown) => boolean) | undefined {
  if (from.fixed !== undefined || from.pattern !== undefined) {
    const demanded = parts(from.fixed ?? from.pattern, steps);
    if (demanded.length > 0) {
      const same = from.fixed === undefined ? contains : equals;
      return (value) => demanded.some((each) => same(value, each));
    }
  }
  const [step, ...rest] = steps;
  if (step === undefined) {
    const has = from.required === undefined ? undefined : context.valueSet(from.required);
    if (has !== undefined) {
      return (value) => inValueSet(value, has);
    }
  } else if (step === 'url' && rest.length === 0 && urlOf(from) !== undefined) {
    const url = urlOf(from);
    return (value) => value === url;
  } else {
    const child = constraintAt(from, [step], context);
    // What a slice below demands is demanded of one of the values, if that slice must be there.
    const below =
      child?.slices.filter(({ constraint }) => constraint.min > 0).map(({ constraint }) => constraint) ?? [];
    const test = [...(child === undefined ? [] : [child]), ...below]
      .map((each) => testAt(each, rest, context))
      .find((each) => each !== undefined);
    if (test !== undefined) {
      return test;
    }
  }
  return profileOf(from, context, (profile) => testAt(profile, steps, context));
}

function inValueSet(value: unknown, has: (system: string | undefined, code: string) => boolean): boolean {
  if (typeof value === 'string') {
    return has(undefined, value);
  }
  const codings = isObject(value) ? (Array.isArray(value.coding) ? value.coding : [value]) : [];
  return codings.some(
    (coding) => isObject(coding) && typeof coding.code === 'string' && has(String(coding.system ?? ''), coding.code),
  );
}

/** The parts of a fixed value or pattern that a path leads to. */
function parts(value: unknown, steps: readonly string[]): unknown[] {
  const [step, ...rest] = steps;
  const each = Array.isArray(value) ? value : [value];
  return step === undefined
    ? [value]
    : each.flatMap((one) => (isObject(one) && one[step] !== undefined ? parts(one[step], rest) : []));
}

/** The url of the extension that a slice is for: its profile's, or fixed on its url. */
function urlOf(slice: Constraint): string | undefined {
  const fixed = slice.children.find(({ name }) => name === 'url')?.fixed;
  const profile = slice.types?.find(({ type }) => type === 'Extension')?.profiles[0];
  return typeof fixed === 'string' ? fixed : profile?.split('|')[0];
}

function profileOf<T>(
  from: Constraint,
  context: ProfileContext,
  use: (profile: Constraint) => T | undefined,
): T | undefined {
  for (const canonical of from.types?.flatMap(({ profiles }) => profiles) ?? []) {
    const profile = context.profiles(canonical);
    const found = profile && use(profile.constraint);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** `resolve()` as the path of a type discriminator: the type can be seen in the reference. */
function refersTo(
  path: string,
  value: TypedValue,
  slice: Constraint,
  context: ProfileContext,
  container: Container,
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
    .map((each) => (isObject(each.value) ? referenceType(each.value, container) : undefined));
  return found.includes(undefined) || types.length === 0 ? undefined : found.some((type) => types.includes(type ?? ''));
}
