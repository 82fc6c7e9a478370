import { isObject } from '../json.ts';
import type { Constraint } from './constraint.ts';
import { contains, equals } from './pattern.ts';
import type { ProfileContext } from './profile.ts';

/**
 * What a slice says of the element at a path below it: there, or in the profile of a type on the way.
 *
 * @param steps names of elements, `extension('url')`, `ofType(type)`
 */
export function constraintAt(
  from: Constraint,
  steps: readonly string[],
  context: ProfileContext,
): Constraint | undefined {
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
export function demandAt(
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
      .map((each) => demandAt(each, rest, context))
      .find((each) => each !== undefined);
    if (test !== undefined) {
      return test;
    }
  }
  return profileOf(from, context, (profile) => demandAt(profile, steps, context));
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
