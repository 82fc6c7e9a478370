import type { CodeSystem, CodeSystemConcept, Coding } from '@medplum/fhirtypes';
import type { Language } from '../../model/language.ts';
import { unversioned } from '../../registry/unversioned.ts';
import { localOf } from '../../registry/zone.ts';

/** How codes, references and times are shown: in one language, in one calendar. */
export class Displays {
  readonly #language: Language;
  readonly #names: ReadonlyMap<string, string>;
  readonly #zone: string;
  readonly #byKey = new Map<string, CodeSystemConcept>();

  /**
   * @param codeSystems those that are known here
   * @param names of what references lead to, by `Type/id`
   * @param zone in whose calendar instants are shown
   */
  constructor(
    language: Language,
    codeSystems: readonly CodeSystem[],
    names: ReadonlyMap<string, string>,
    zone: string,
  ) {
    this.#language = language;
    this.#names = names;
    this.#zone = zone;
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

  /** What a reference leads to, by its name where it has one. */
  reference(reference: string, display: string | undefined): string {
    return display ?? this.#names.get(unversioned(reference)) ?? reference;
  }

  /** A text of a resource: an instant as the calendar and the clock of the zone show it. */
  text(value: string): string {
    const instant = INSTANT.test(value) ? new Date(value) : undefined;
    if (instant === undefined || Number.isNaN(instant.getTime())) return value;
    const { year, month, day, hour, minute } = localOf(instant, this.#zone);
    const two = (part: number): string => String(part).padStart(2, '0');
    return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}`;
  }
}

/** The references of resources to what has a name and is in no record. */
export function namedIn(value: unknown, found: Set<string> = new Set()): Set<string> {
  if (Array.isArray(value)) {
    for (const item of value) namedIn(item, found);
  } else if (typeof value === 'object' && value !== null) {
    if ('reference' in value && typeof value.reference === 'string' && NAMED.test(value.reference)) {
      found.add(value.reference);
    }
    for (const member of Object.values(value)) namedIn(member, found);
  }
  return found;
}

const NAMED = /^(?:Organization|Practitioner|ResearchStudy|Location|PlanDefinition)\/[A-Za-z0-9.-]{1,64}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

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
