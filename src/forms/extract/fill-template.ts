import type { TypedValue } from '../../fhirpath/fhirpath.ts';
import type { Evaluation, Standing } from './evaluation.ts';
import { fitted } from './fitted.ts';
import type { TemplateElement, TemplateMember } from './template.ts';

/** What is put in the place of one element of a template. */
interface Filled {
  /** Undefined for a primitive without a value. */
  readonly value: unknown;
  /** Of a primitive: its id and extensions. */
  readonly extended: object | undefined;
}

/**
 * The objects that a complex element, or a whole resource, of a template becomes: none where its context or value yields
 * nothing, one for each result else (SDC, "Template-based extraction"). What is empty is left out.
 */
export function fillTemplate(element: TemplateElement, evaluation: Evaluation, standing: Standing): readonly object[] {
  return placesOf(element, evaluation, standing).flatMap((inner) => {
    evaluation.made();
    if (element.value !== undefined) {
      return replaced(element, evaluation, inner) as object[];
    }
    const filled: Record<string, unknown> = { ...(element.literal as object) };
    for (const member of element.members) {
      Object.assign(filled, membersOf(member, evaluation, inner));
    }
    return Object.keys(filled).length === 0 ? [] : [filled];
  });
}

/** Where what stands in an element is evaluated. */
function placesOf({ context }: TemplateElement, evaluation: Evaluation, standing: Standing): readonly Standing[] {
  if (context === undefined) {
    return [standing];
  }
  return evaluation.values(context, standing).map((focus) => ({
    ...standing,
    focus,
    given: context.name === undefined ? standing.given : new Map([...standing.given, [context.name, [focus]]]),
  }));
}

/** The results of the element's own expression, as the element takes them. */
function replaced({ type, value }: TemplateElement, evaluation: Evaluation, standing: Standing): readonly unknown[] {
  if (value === undefined) {
    return [];
  }
  return evaluation.values(value, standing).flatMap((found: TypedValue) => {
    const fit = fitted(found, [type]);
    if (fit === undefined) {
      evaluation.warn('value', `A value of type ${found.type} is no ${type}.`, value.path);
    }
    return fit === undefined ? [] : [fit.value];
  });
}

function primitives(element: TemplateElement, evaluation: Evaluation, standing: Standing): readonly Filled[] {
  return placesOf(element, evaluation, standing).flatMap((inner) => {
    evaluation.made();
    const [extended] = element.extended === undefined ? [] : fillTemplate(element.extended, evaluation, inner);
    if (element.value !== undefined) {
      return replaced(element, evaluation, inner).map((value) => ({ value, extended }));
    }
    return element.literal === undefined && extended === undefined ? [] : [{ value: element.literal, extended }];
  });
}

/** What a member becomes in JSON: for a primitive also its `_name`. */
function membersOf(member: TemplateMember, evaluation: Evaluation, standing: Standing): object {
  const { name, list, primitive, elements, path } = member;
  const all: readonly Filled[] = elements.flatMap((element) =>
    primitive
      ? primitives(element, evaluation, standing)
      : fillTemplate(element, evaluation, standing).map((value) => ({ value, extended: undefined })),
  );
  const [first, second] = all;
  if (first === undefined) {
    return {};
  }
  if (!list) {
    if (second !== undefined) {
      evaluation.warn('multiple-matches', 'There is more than one value for an element that takes one.', path);
    }
    return {
      ...(first.value !== undefined && { [name]: first.value }),
      ...(first.extended !== undefined && { [`_${name}`]: first.extended }),
    };
  }
  return {
    ...(all.some(({ value }) => value !== undefined) && { [name]: all.map(({ value }) => value ?? null) }),
    ...(all.some(({ extended }) => extended !== undefined) && {
      [`_${name}`]: all.map(({ extended }) => extended ?? null),
    }),
  };
}
