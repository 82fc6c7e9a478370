import { readdirSync, readFileSync } from 'node:fs';
import type { Library, Questionnaire, QuestionnaireResponse } from '@medplum/fhirtypes';
import type { Form } from '../../../src/forms/form.ts';
import { parseScoreRules } from '../../../src/forms/score/read-score-rules.ts';
import type { ScoreRules } from '../../../src/forms/score/rule.ts';
import type { Score } from '../../../src/forms/score/score.ts';
import { validateResponse } from '../../../src/forms/validate-response.ts';
import type { Issue } from '../../../src/model/issue.ts';
import { type Answer, instrument as ofProduct, toResponse } from '../../../tests/kit/instrument.ts';

const folder = new URL('../', import.meta.url);

function text(file: string): string {
  return readFileSync(new URL(file, folder), 'utf8');
}

/** Names of the instruments: those of their files. */
export const instrumentNames: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json') && !file.includes('.scores'))
  .map((file) => file.replace(/\.json$/, ''));

export function questionnaireOf(name: string): Questionnaire {
  return JSON.parse(text(`${name}.json`)) as Questionnaire;
}

export function libraryOf(name: string): Library {
  return JSON.parse(text(`${name}.scores.json`)) as Library;
}

export function rulesOf(name: string): ScoreRules {
  const file = `${name}.scores.rules.json`;
  return parseScoreRules(text(file), file);
}

/** Answers by linkId: the code of an option (or several), or a number. What is undefined is left out. */
export type Given = Readonly<Record<string, Answer | undefined>>;

/** A completed response about a patient that gives these answers. */
export function responseTo(questionnaire: Questionnaire, given: Given): QuestionnaireResponse {
  return {
    ...toResponse(questionnaire, withoutGaps(given)),
    subject: { reference: 'Patient/p' },
    authored: '2026-03-02T09:00:00+01:00',
  };
}

function withoutGaps(given: Given): Record<string, Answer> {
  return Object.fromEntries(Object.entries(given).filter((pair): pair is [string, Answer] => pair[1] !== undefined));
}

/** An instrument as its files say. */
export interface Instrument {
  readonly questionnaire: Questionnaire;
  readonly form: Form;
  /** Scores of these answers, by code. */
  readonly scores: (given: Given) => ReadonlyMap<string, Score>;
  /** What is wrong with a completed response that gives these answers. */
  readonly faults: (given: Given) => readonly Issue[];
}

export function instrument(name: string): Instrument {
  const { questionnaire, form, score } = ofProduct(name);
  return {
    questionnaire,
    form,
    scores: (given) => score(withoutGaps(given)),
    faults: (given) =>
      validateResponse(form, responseTo(questionnaire, given), { now: new Date('2026-03-02T08:00:00Z') }),
  };
}

/** Values by code; a score without value is told by the reason. */
export function values(scores: ReadonlyMap<string, Score>): Record<string, number | string | undefined> {
  return Object.fromEntries([...scores].map(([code, { value, absent }]) => [code, value ?? absent?.reason]));
}

/** The same answer to items with this prefix, numbered from 1. */
export function numbered(prefix: string, count: number, value: string | number): Record<string, string | number> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index + 1}`, value]));
}

/** One answer each to items that have a name. */
export function each(linkIds: readonly string[], value: string | number): Record<string, string | number> {
  return Object.fromEntries(linkIds.map((linkId) => [linkId, value]));
}
