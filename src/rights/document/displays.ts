import type { CodeSystem, CodeSystemConcept, Coding } from '@medplum/fhirtypes';
import type { Language } from '../../model/language.ts';

/** Displays of codes in one language, from the code systems that are known here. */
export class Displays {
  readonly #language: Language;
  readonly #byKey = new Map<string, CodeSystemConcept>();

  constructor(language: Language, codeSystems: readonly CodeSystem[]) {
    this.#language = language;
    for (const { url, concept } of codeSystems) {
      this.#add(url ?? '', concept);
    }
  }

  #add(url: string, concepts: readonly CodeSystemConcept[] | undefined): void {
    for (const concept of concepts ?? []) {
      this.#byKey.set(`${url}|${concept.code}`, concept);
      this.#add(url, concept.concept);
    }
  }

  /** In the document's language where it is known, else as it was stored; the code where there is nothing else. */
  of({ system, code, display }: Coding): string {
    const concept = this.#byKey.get(`${system ?? ''}|${code ?? ''}`);
    const own = concept?.designation?.find(({ language }) => language === this.#language)?.value;
    return own ?? display ?? concept?.display ?? code ?? '';
  }
}

/** The code systems of all codings in resources. */
export function systemsIn(value: unknown, found: Set<string> = new Set()): Set<string> {
  if (Array.isArray(value)) {
    for (const item of value) systemsIn(item, found);
  } else if (typeof value === 'object' && value !== null) {
    if ('system' in value && 'code' in value && typeof value.system === 'string') found.add(value.system);
    for (const member of Object.values(value)) systemsIn(member, found);
  }
  return found;
}
