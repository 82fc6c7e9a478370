import type { Extension, Questionnaire } from '@medplum/fhirtypes';

/** The extension that tells whose words a form has: fhir/extensions/questionnaire-wording.json. */
export const wordingUrl = 'https://svar.example.org/fhir/StructureDefinition/questionnaire-wording';

export type WordingKind = 'placeholder' | 'own' | 'shipped' | 'licensed';

/** Whose words a form has in one language, and on what terms. */
export interface WordingRecord {
  /** BCP 47 tag. */
  readonly language: string;
  readonly kind: WordingKind;
  readonly terms?: string | undefined;
  /** Who holds the licence. */
  readonly holder?: string | undefined;
  /** What the licence is known by: its number, the date of the agreement. */
  readonly reference?: string | undefined;
  /** The last day of the licence, YYYY-MM-DD; undefined where it has no end. */
  readonly until?: string | undefined;
  /** The instant at which the wording was loaded. */
  readonly loaded?: string | undefined;
}

const KINDS: readonly string[] = ['placeholder', 'own', 'shipped', 'licensed'] satisfies WordingKind[];

/** What a form says of its wording, a record for each language; what cannot be read counts as a placeholder. */
export function recordsOf(questionnaire: Questionnaire): WordingRecord[] {
  return (questionnaire.extension ?? []).filter(({ url }) => url === wordingUrl).map(recordOf);
}

/** The language of the texts themselves, as against their translations. */
export function baseLanguage(questionnaire: Questionnaire): string {
  return questionnaire.language ?? recordsOf(questionnaire)[0]?.language ?? 'und';
}

/** The form with a record in place of the one for the same language, or beside the others. */
export function withRecord(questionnaire: Questionnaire, record: WordingRecord): Questionnaire {
  const all = questionnaire.extension ?? [];
  const isSame = (each: Extension): boolean => each.url === wordingUrl && recordOf(each).language === record.language;
  const made = extensionOf(record);
  const extension = all.some(isSame) ? all.map((each) => (isSame(each) ? made : each)) : [...all, made];
  return { ...questionnaire, extension };
}

const TRUST: readonly WordingKind[] = ['own', 'shipped', 'licensed', 'placeholder'];

/**
 * What holds for words of several origins in one language: placeholders if any are, else a licence (the one that ends
 * first), else what is shipped on terms, else our own.
 */
export function strictest(one: WordingRecord, other: WordingRecord): WordingRecord {
  if (one.kind !== other.kind) {
    return TRUST.indexOf(one.kind) > TRUST.indexOf(other.kind) ? one : other;
  }
  return (other.until ?? '9999') < (one.until ?? '9999') ? other : one;
}

function recordOf({ extension = [] }: Extension): WordingRecord {
  const part = (name: string): Extension | undefined => extension.find(({ url }) => url === name);
  const kind = part('kind')?.valueCode ?? '';
  return {
    language: part('language')?.valueCode ?? '',
    kind: KINDS.includes(kind) ? (kind as WordingKind) : 'placeholder',
    terms: part('terms')?.valueString,
    holder: part('holder')?.valueString,
    reference: part('reference')?.valueString,
    until: part('until')?.valueDate,
    loaded: part('loaded')?.valueDateTime,
  };
}

function extensionOf({ language, kind, terms, holder, reference, until, loaded }: WordingRecord): Extension {
  const parts: Extension[] = [
    { url: 'language', valueCode: language },
    { url: 'kind', valueCode: kind },
  ];
  if (terms !== undefined) parts.push({ url: 'terms', valueString: terms });
  if (holder !== undefined) parts.push({ url: 'holder', valueString: holder });
  if (reference !== undefined) parts.push({ url: 'reference', valueString: reference });
  if (until !== undefined) parts.push({ url: 'until', valueDate: until });
  if (loaded !== undefined) parts.push({ url: 'loaded', valueDateTime: loaded });
  return { url: wordingUrl, extension: parts };
}
