import { readdirSync, readFileSync } from 'node:fs';
import type {
  Library,
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
} from '@medplum/fhirtypes';
import { compileForm, type Form } from '../../../src/forms/form.ts';
import { parseScoreRules } from '../../../src/forms/score/read-score-rules.ts';
import type { ScoreRules } from '../../../src/forms/score/rule.ts';
import type { Score } from '../../../src/forms/score/score.ts';
import { compileScorer } from '../../../src/forms/score/scorer.ts';
import { validateResponse } from '../../../src/forms/validate-response.ts';
import type { Issue } from '../../../src/model/issue.ts';

const folder = new URL('../', import.meta.url);

/** What stands in a file of questionnaires/instruments. */
export function read<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as T;
}

/** Names of the instruments: those of their files. */
export const instrumentNames: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json') && !file.includes('.scores'))
  .map((file) => file.replace(/\.json$/, ''));

export function questionnaireOf(name: string): Questionnaire {
  return read(`${name}.json`);
}

export function libraryOf(name: string): Library {
  return read(`${name}.scores.json`);
}

export function rulesOf(name: string): ScoreRules {
  const file = `${name}.scores.rules.json`;
  return parseScoreRules(readFileSync(new URL(file, folder), 'utf8'), file);
}

/** Answers by linkId: the code of an option (or several), or a number. What is undefined is left out. */
export type Given = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** The items of a response that gives these answers, in the form's order and nesting. */
export function answered(items: readonly QuestionnaireItem[], given: Given): QuestionnaireResponseItem[] {
  return items.flatMap((item): QuestionnaireResponseItem[] => {
    if (item.type === 'group') {
      const below = answered(item.item ?? [], given);
      return below.length === 0 ? [] : [{ linkId: item.linkId, item: below }];
    }
    const value = given[item.linkId];
    if (value === undefined) return [];
    if (typeof value === 'number') {
      const answer = item.type === 'decimal' ? { valueDecimal: value } : { valueInteger: value };
      return [{ linkId: item.linkId, answer: [answer] }];
    }
    const answer = [value].flat().map((code) => {
      const coding = item.answerOption?.find(({ valueCoding }) => valueCoding?.code === code)?.valueCoding;
      if (coding === undefined) throw new Error(`${item.linkId} has no option ${code}`);
      return { valueCoding: { system: coding.system, code: coding.code } };
    });
    return [{ linkId: item.linkId, answer }];
  });
}

/** A completed response that gives these answers. */
export function responseTo(questionnaire: Questionnaire, given: Given): QuestionnaireResponse {
  return {
    resourceType: 'QuestionnaireResponse',
    status: 'completed',
    questionnaire: `${questionnaire.url}|${questionnaire.version}`,
    subject: { reference: 'Patient/p' },
    authored: '2026-03-02T08:00:00+01:00',
    item: answered(questionnaire.item ?? [], given),
  };
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
  const questionnaire = questionnaireOf(name);
  const form = compileForm(questionnaire);
  const scorer = compileScorer(rulesOf(name), form, { tables: new Map() });
  return {
    questionnaire,
    form,
    scores: (given) => new Map(scorer.score(responseTo(questionnaire, given)).map((score) => [score.rule.code, score])),
    faults: (given) => validateResponse(form, responseTo(questionnaire, given)),
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
