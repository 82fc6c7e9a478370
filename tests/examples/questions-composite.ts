import type { Parameter, Value } from './package-values.ts';
import { type Question, questionsOf } from './questions.ts';

/**
 * A composite is found by values of its components that stand in one element. Each component is asked for as a parameter
 * of its own kind would be; modifiers have no place in a composite, nor has a system without code.
 */
export function questionsOfComposite(parameter: Parameter, element: Value): readonly Question[] {
  const parts = parameter.components.map((component) => {
    const asked = component.read(element).flatMap((value) => questionsOf(component.parameter, value));
    return asked.filter(({ name, value }) => name === component.parameter.code && !value.endsWith('|'));
  });
  const [first = [], ...others] = parts;
  // The first component is asked for by equality, in each form; the others in turn.
  return first.flatMap((start, at) => {
    const rest = others.map((questions) => questions[(at * 7) % Math.max(1, questions.length)]);
    if (rest.length === 0 || rest.includes(undefined)) {
      return [];
    }
    const questions = [start, ...(rest as Question[])];
    return [
      {
        name: parameter.code,
        value: questions.map(({ value }) => value).join('$'),
        found: (elements: readonly Value[]) =>
          elements.some((other) =>
            questions.every((question, index) => question.found(parameter.components[index]?.read(other) ?? [])),
          ),
      },
    ];
  });
}
