import type { Questionnaire } from '@medplum/fhirtypes';
import { languageOfTag } from '../../model/language.ts';
import { baseLanguage, recordsOf, type WordingRecord } from './record.ts';

/** Whose words a form asks in; `expired` are licensed words whose licence has run out. */
export type WordingState = 'own' | 'shipped' | 'licensed' | 'placeholder' | 'expired';

/**
 * In whose words a form asks somebody who reads `language` (BCP 47; undefined: the form's own language). A form that
 * tells nothing of its wording is its maker's own.
 *
 * @param today local date, YYYY-MM-DD; a licence holds on its last day too
 */
export function wordingFor(questionnaire: Questionnaire, language: string | undefined, today: string): WordingState {
  const record = recordFor(questionnaire, language);
  return record === undefined ? 'own' : stateOf(record, today);
}

export function stateOf({ kind, until }: WordingRecord, today: string): WordingState {
  return kind === 'licensed' && until !== undefined && until < today ? 'expired' : kind;
}

/** Whether a form may be sent to people who shall answer it: not with placeholders, nor without a licence that holds. */
export function isOrderable(state: WordingState): boolean {
  return state !== 'placeholder' && state !== 'expired';
}

/**
 * What a form tells of the words that a reader of `language` is shown: those of the very tag, of the same language in
 * another country, of the nearest language that Svar speaks (nn: nb), else of the form's own language.
 */
export function recordFor(questionnaire: Questionnaire, language: string | undefined): WordingRecord | undefined {
  const records = recordsOf(questionnaire);
  const base = baseLanguage(questionnaire);
  const wanted = (language ?? base).toLowerCase();
  const nearest = languageOfTag(wanted);
  return (
    records.find((record) => record.language.toLowerCase() === wanted) ??
    records.find((record) => primary(record.language) === primary(wanted)) ??
    records.find((record) => nearest !== undefined && languageOfTag(record.language) === nearest) ??
    records.find((record) => record.language === base) ??
    records[0]
  );
}

function primary(tag: string): string {
  return tag.toLowerCase().split('-', 1)[0] ?? '';
}
