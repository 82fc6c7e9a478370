import { fhirError } from '../../model/issue.ts';
import { isResourceType, type ResourceType } from '../../model/resource-types.ts';
import { keyOf, paramName, RANGE_FORM } from '../keys.ts';
import { AGE_URL, type SearchParameterDef } from '../parameters.ts';
import { alternatives } from './alternatives.ts';
import { pointsOf, wholeMilliseconds } from './boxes.ts';
import { byKind } from './criterion-kinds.ts';
import { type ParameterName, parameterName, reverseChain } from './name.ts';
import type { Criterion } from './nodes.ts';
import { namesPatient } from './of-patient.ts';
import type { ParseContext } from './parse-context.ts';
import { readsCanonicals } from './reads-canonicals.ts';
import { badValue, NotSupported, shortened, unknownParameter } from './refusals.ts';
import { unescaped } from './split.ts';
import { birthBoxes } from './values/age.ts';
import { dateTest } from './values/date.ts';
import { withoutDefinition } from './without-definition.ts';

/**
 * What one parameter of a query asks of resources of one type.
 *
 * @param name the parameter with its modifier or chain, e.g. `subject:Patient.name:exact`, `_has:Observation:patient:code`
 * @throws NotSupported where the server does not know the parameter or the modifier; FhirError 400 for a bad value
 */
export function parseCriterion(
  type: ResourceType,
  name: string,
  value: string,
  context: ParseContext,
  depth = 0,
): Criterion {
  if (depth > context.limits.chain_max) {
    throw fhirError(400, 'too-costly', `A chain may have at most ${context.limits.chain_max} links.`);
  }
  if (name.startsWith('_has:')) {
    return reverse(type, name, value, context, depth);
  }
  const parts = parameterName(name);
  if (parts.code === '_id' || parts.code === '_lastUpdated') {
    return ofEveryType(parts, value, context);
  }
  const defined = withoutDefinition(type, name, value, context);
  if (defined !== undefined) {
    return defined;
  }
  const param = knownParameter(type, parts.code, context);
  if (param.unionOf !== undefined) {
    return union(type, param.unionOf, parts, value, context, depth);
  }
  if (parts.chained !== undefined) {
    const rest = parts.chained;
    return chain(param, parts.modifier, context, (target) => parseCriterion(target, rest, value, context, depth + 1));
  }
  if (param.url === AGE_URL) {
    return age(type, parts, value, context);
  }
  if (parts.modifier === 'missing') {
    return missing(param, value);
  }
  return byKind(param, parts.modifier, alternatives(parts.code, value, context), context);
}

/** @throws NotSupported where the type has no such parameter, FhirError 400 where it cannot be searched by yet */
export function knownParameter(type: ResourceType, code: string, context: ParseContext): SearchParameterDef {
  const param = context.parameters.get(type, code);
  if (param === undefined) {
    throw unknownParameter(code, type, context.parameters);
  }
  assertComplete(param);
  return param;
}

/** A parameter that finds what others find: any of them, or, negated, none. */
function union(
  type: ResourceType,
  codes: readonly string[],
  { code, modifier, chained }: ParameterName,
  value: string,
  context: ParseContext,
  depth: number,
): Criterion {
  if (chained !== undefined) {
    throw new NotSupported(code, `The search parameter ${code} has no chain.`);
  }
  const each = (suffix: string, of: string): Criterion[] =>
    codes.map((part) => parseCriterion(type, `${part}${suffix}`, of, context, depth));
  if (modifier === 'not' || modifier === 'not-in') {
    const positive = modifier === 'not' ? '' : ':in';
    return { kind: 'not', of: { kind: 'or', of: each(positive, value) } };
  }
  if (modifier === 'missing') {
    const present: Criterion = { kind: 'or', of: each(':missing', 'false') };
    return missingAsked(code, value) ? { kind: 'not', of: present } : present;
  }
  return { kind: 'or', of: each(modifier === undefined ? '' : `:${modifier}`, value) };
}

/** An age is a question for the birth date; who has died has none. */
function age(type: ResourceType, { code, modifier }: ParameterName, value: string, context: ParseContext): Criterion {
  if (modifier === 'missing') {
    return parseCriterion(type, 'birthdate:missing', value, context);
  }
  if (modifier !== undefined) {
    throw new NotSupported(code, `The search parameter ${code} does not have the modifier :${shortened(modifier)}.`);
  }
  const key = keyOf(paramName(knownParameter(type, 'birthdate', context)), RANGE_FORM);
  const boxes = alternatives(code, value, context)
    .flatMap((each) => birthBoxes(code, each, context.now))
    .map((box) => ({ key, box }));
  const deceased = parseCriterion(type, 'deceased', 'true', context);
  return {
    kind: 'and',
    of: [
      { kind: 'range', boxes, single: true },
      { kind: 'not', of: deceased },
    ],
  };
}

/** @throws FhirError 400 for a parameter whose rows are still being made: it would not find, or order, what has none yet */
export function assertComplete(param: SearchParameterDef): void {
  if (!param.complete) {
    throw fhirError(
      400,
      'not-supported',
      `The search parameter ${param.code} of ${param.type} is being indexed and cannot be searched by yet.`,
    );
  }
}

function ofEveryType({ code, modifier, chained }: ParameterName, value: string, context: ParseContext): Criterion {
  if (chained === undefined && modifier === 'missing') {
    // Every resource has both.
    const none: Criterion = { kind: 'id', ids: [] };
    return missingAsked(code, value) ? none : { kind: 'not', of: none };
  }
  if (chained !== undefined || (modifier !== undefined && !(modifier === 'not' && code === '_id'))) {
    throw new NotSupported(code, `The search parameter ${code} has no such modifier or chain.`);
  }
  const values = alternatives(code, value, context);
  if (code === '_lastUpdated') {
    const intervals = values.flatMap((each) => {
      const asked = dateTest(code, each, context.now);
      return pointsOf(asked.prefix, asked).map(wholeMilliseconds);
    });
    return { kind: 'updated', intervals };
  }
  const criterion: Criterion = { kind: 'id', ids: values.map(unescaped) };
  return modifier === 'not' ? { kind: 'not', of: criterion } : criterion;
}

function missing(param: SearchParameterDef, value: string): Criterion {
  const places = [{ type: param.type, ordinal: param.ordinal }];
  return { kind: 'missing', missing: missingAsked(param.code, value), places };
}

function missingAsked(code: string, value: string): boolean {
  if (value !== 'true' && value !== 'false') {
    throw badValue(code, 'expected true or false with :missing');
  }
  return value === 'true';
}

/**
 * What is asked of the resources that a reference leads to.
 *
 * @param modifier the type that is meant, of several that the reference may lead to
 * @param parse what is asked of a resource of that type
 */
export function chain(
  param: SearchParameterDef,
  modifier: string | undefined,
  context: ParseContext,
  parse: (type: ResourceType) => Criterion,
): Criterion {
  const { code } = param;
  if (param.kind !== 'reference') {
    throw new NotSupported(code, `${code} of ${param.type} is not a reference: nothing can follow it in a chain.`);
  }
  if (modifier !== undefined && !isResourceType(modifier)) {
    throw new NotSupported(code, `In a chain, the modifier of ${code} must be a resource type.`);
  }
  const types = modifier === undefined ? param.targets : [modifier];
  const links = reached(types, (type) => {
    assertFewTypes(context);
    return parse(type);
  });
  return { kind: 'chain', name: paramName(param), ofPatient: namesPatient(param), ...canonical(param), targets: links };
}

/** Chains through references to anything multiply with each link; one that names its types tries one type a link. */
function assertFewTypes({ chained, limits }: ParseContext): void {
  chained.types += 1;
  if (chained.types > limits.chain_types_max) {
    throw fhirError(
      400,
      'too-costly',
      'The chains of this search go through too many resource types: name the types, as in subject:Patient.name.',
    );
  }
}

/**
 * The criterion for each type that knows the parameter: an untyped chain goes to those of the possible targets that have it.
 */
function reached(
  types: readonly ResourceType[],
  parse: (type: ResourceType) => Criterion,
): readonly { type: ResourceType; where: Criterion }[] {
  const links: { type: ResourceType; where: Criterion }[] = [];
  let refusal: unknown = new NotSupported('', 'The reference has no possible target.');
  for (const type of types) {
    try {
      links.push({ type, where: parse(type) });
    } catch (error) {
      if (!(error instanceof NotSupported)) {
        throw error;
      }
      refusal = error;
    }
  }
  if (links.length === 0) {
    throw refusal;
  }
  return links;
}

function reverse(type: ResourceType, name: string, value: string, context: ParseContext, depth: number): Criterion {
  const { type: source, reference, rest } = reverseChain(name);
  const param = knownParameter(source, reference, context);
  if (param.kind !== 'reference' || !param.targets.includes(type)) {
    throw new NotSupported(name, `${reference} of ${source} does not refer to ${type}.`);
  }
  return {
    kind: 'has',
    type: source,
    name: paramName(param),
    ofPatient: type === 'Patient' && namesPatient(param),
    ...canonical(param),
    targets: [type],
    where: parseCriterion(source, rest, value, context, depth + 1),
  };
}

function canonical(param: SearchParameterDef): { readonly canonical?: boolean } {
  return readsCanonicals(param) ? { canonical: true } : {};
}
