import type { CodeSystem, CodeSystemConcept, CodeSystemConceptDesignation } from '@medplum/fhirtypes';
import type { ValueSetTexts } from './expansion.ts';

/** What a code is called: the text to show, and all others. */
export interface ConceptTexts {
  readonly display: string | undefined;
  readonly designations: readonly CodeSystemConceptDesignation[];
}

/**
 * The texts of a code: what the value set says comes before what the code system says. In a language that is asked for, a
 * designation of that language is shown, if there is one and the code system is not in that language itself.
 *
 * @param language BCP 47; `nb` finds `nb-NO` too
 */
export function conceptTexts(
  ofValueSet: ValueSetTexts | undefined,
  concept: CodeSystemConcept | undefined,
  codeSystem: CodeSystem | undefined,
  language: string | undefined,
): ConceptTexts {
  const designations = [...(ofValueSet?.designation ?? []), ...(concept?.designation ?? [])];
  const display = ofValueSet?.display ?? concept?.display;
  if (language === undefined || (codeSystem?.language !== undefined && isIn(codeSystem.language, language))) {
    return { display, designations };
  }
  const translated = designations.find((each) => each.language !== undefined && isIn(each.language, language));
  return { display: translated?.value ?? display, designations };
}

/** Whether one of a code's texts is the given one; case, accents and blanks apart. */
export function isCalled(texts: ConceptTexts, text: string): boolean {
  const wanted = folded(text);
  return textsOf(texts).some((each) => folded(each) === wanted);
}

/** A test of what people type to find a code: every word begins a word of the code's texts, or the code itself. */
export function textFilter(filter: string): (code: string, texts: ConceptTexts) => boolean {
  const wanted = words(filter);
  return (code, texts) => {
    const found = textsOf(texts).flatMap(words);
    const own = folded(code);
    return wanted.every((word) => own.startsWith(word) || found.some((each) => each.startsWith(word)));
  };
}

function textsOf({ display, designations }: ConceptTexts): string[] {
  return [display, ...designations.map(({ value }) => value)].flatMap((each) => each ?? []);
}

function words(text: string): string[] {
  return folded(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();
}

function isIn(tag: string, language: string): boolean {
  const [own, asked] = [tag.toLowerCase(), language.toLowerCase()];
  return own === asked || own.startsWith(`${asked}-`);
}
