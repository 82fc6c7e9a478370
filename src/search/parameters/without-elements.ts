import type { SearchParameterDef, SearchParameters } from '../parameters.ts';

/**
 * The search parameters that tell nothing of some elements, by type: those of whose expressions it is sure that they look
 * elsewhere. A parameter that is stored tomorrow is judged like any; of what is not sure nobody can search, sort, chain or
 * filter who is given these.
 */
export function withoutElements(
  parameters: SearchParameters,
  elements: ReadonlyMap<string, ReadonlySet<string>>,
): SearchParameters {
  const lists = new Map(
    [...elements].map(([type, hidden]) => [
      type,
      parameters.list(type).filter((param) => looksElsewhere(param, hidden)),
    ]),
  );
  return {
    get(type, code) {
      const own = lists.get(type);
      return own === undefined ? parameters.get(type, code) : own.find((param) => param.code === code);
    },
    list: (type) => lists.get(type) ?? parameters.list(type),
    hasWords: (type) => !elements.has(type) && parameters.hasWords(type),
  };
}

/** Each part of its expression begins at an element that is not hidden, and nothing in it could lead to one that is. */
function looksElsewhere({ expression, components = [] }: SearchParameterDef, hidden: ReadonlySet<string>): boolean {
  const beginnings = expression.split('|').map((part) => PATH.exec(part.trim())?.groups?.element);
  const words = expression.match(/[A-Za-z]+/g) ?? [];
  return (
    beginnings.every((element) => element !== undefined) &&
    !/[%`\\]/.test(expression) &&
    !words.some((word) => hidden.has(word) || word === 'descendants' || word === 'children') &&
    components.every(({ param }) => looksElsewhere(param, hidden))
  );
}

/** `Task.basedOn`, `Resource.meta.tag`: a type, and the element of it that is read; a function is none. */
const PATH = /^\(*[A-Z][A-Za-z]*\.(?<element>[A-Za-z]+)(?![A-Za-z0-9_(])/;
