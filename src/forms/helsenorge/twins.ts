import { same } from './same.ts';

/** A statement in the other dialect, or why it can't be said there: words that end a sentence. */
export type Translation<T> = { readonly to: T } | { readonly fault: string };

/**
 * One statement that SDC and the dialect write differently, in a list (extensions, codings). Translating there and back must
 * depend on nothing but the list's owner.
 */
export interface Twin<T> {
  isSdc(element: T): boolean;
  isDialect(element: T): boolean;
  /** Whether an SDC element and a dialect's speak of the same thing, where the list may hold several. */
  matches(sdc: T, dialect: T): boolean;
  toSdc(dialect: T): Translation<T>;
  toDialect(sdc: T): Translation<T>;
}

/** Told of what stays as it is: `fault` is why. */
export type Told<T> = (element: T, fault: string) => void;

export const CONTRADICTION = 'says something else than the SDC extension beside it, which is what counts here';

/**
 * A list with the dialect's elements said in SDC. What comes back the same from SDC is replaced; other dialect elements stay
 * beside their translation, so that nothing is lost; and what only repeats the SDC element beside it goes.
 */
export function withoutDoubles<T>(list: readonly T[], twin: Twin<T>, told: Told<T>): T[] {
  const result: T[] = [];
  for (const element of list) {
    if (!twin.isDialect(element)) {
      result.push(element);
      continue;
    }
    const partner = (other: T): boolean => twin.isSdc(other) && twin.matches(other, element);
    const sdc = list.find(partner) ?? result.find(partner);
    // Two dialect elements for one SDC element: no way back from one to two.
    const single = list.filter((other) => twin.isDialect(other) && sharesPartner(twin, other, element)).length === 1;
    const translation = twin.toSdc(element);
    if (sdc === undefined) {
      if ('fault' in translation) told(element, translation.fault);
      else result.push(translation.to);
      if ('fault' in translation || !single || !comesBack(twin, translation.to, element)) result.push(element);
    } else if (!single || !comesBack(twin, sdc, element)) {
      result.push(element);
      if ('fault' in translation || !same(translation.to, sdc)) told(element, CONTRADICTION);
    }
  }
  return result;
}

/** A list with each SDC element said in the dialect too, unless it is already. `told` of what can't be. */
export function withDoubles<T>(list: readonly T[], twin: Twin<T>, told: Told<T>): T[] {
  return list.flatMap((element) => {
    if (!twin.isSdc(element) || list.some((other) => twin.isDialect(other) && twin.matches(element, other))) {
      return [element];
    }
    const translation = twin.toDialect(element);
    if ('to' in translation) return [element, translation.to];
    told(element, translation.fault);
    return [element];
  });
}

function comesBack<T>(twin: Twin<T>, sdc: T, element: T): boolean {
  const back = twin.toDialect(sdc);
  return 'to' in back && same(back.to, element);
}

function sharesPartner<T>(twin: Twin<T>, one: T, other: T): boolean {
  if (one === other) return true;
  const translation = twin.toSdc(other);
  return 'to' in translation && twin.matches(translation.to, one);
}
