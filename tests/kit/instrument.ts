import { readFileSync } from 'node:fs';
import type {
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
} from '@medplum/fhirtypes';
import { compileForm, type Form } from '../../src/forms/form.ts';
import { parseScoreRules } from '../../src/forms/score/read-score-rules.ts';
import type { ScoreRule, ScoreRules } from '../../src/forms/score/rule.ts';
import type { Score } from '../../src/forms/score/score.ts';
import { compileScorer, type Scorer } from '../../src/forms/score/scorer.ts';
import { parseTable, type ScoreTable } from '../../src/forms/score/table.ts';

const root = new URL('../../', import.meta.url);

function file(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}

/** A table of terminology/tables by its Library's id. */
export function table(id: string): ScoreTable {
  return parseTable(file(`terminology/tables/${id}.csv`), id);
}

export function tableText(id: string): string {
  return file(`terminology/tables/${id}.csv`);
}

/** An instrument of the product with its form and rules, and a scorer of all of them, also of those on request. */
export interface Instrument {
  readonly questionnaire: Questionnaire;
  readonly form: Form;
  readonly rules: ScoreRules;
  readonly tables: ReadonlyMap<string, ScoreTable>;
  readonly scorer: Scorer;
  /** Scores answers by linkId: the codes of options, numbers, or several of them. */
  readonly score: (answers: Readonly<Record<string, Answer>>) => ReadonlyMap<string, Score>;
}

export type Answer = string | number | readonly (string | number)[];

export function instrument(name: string, choose: (rule: ScoreRule) => boolean = () => true): Instrument {
  const questionnaire = JSON.parse(file(`questionnaires/instruments/${name}.json`)) as Questionnaire;
  const rules = parseScoreRules(file(`questionnaires/instruments/${name}.scores.rules.json`), name);
  const tables = new Map(
    rules.scores.flatMap((rule) => {
      const canonical = rule.table?.table;
      if (canonical === undefined) return [];
      const [url = '', version] = canonical.split('|');
      const library = JSON.parse(file(`terminology/tables/${url.split('/').at(-1)}.json`));
      if (library.url !== url || library.version !== version) throw new Error(`${canonical} is not in the product`);
      return [[canonical, table(library.id)] as const];
    }),
  );
  const form = compileForm(questionnaire);
  const scorer = compileScorer(rules, form, { tables, choose });
  return {
    questionnaire,
    form,
    rules,
    tables,
    scorer,
    score: (answers) =>
      new Map(scorer.score(toResponse(questionnaire, answers)).map((score) => [score.rule.code, score])),
  };
}

/** A response to a form with answers by linkId, each in its place. */
export function toResponse(
  questionnaire: Questionnaire,
  answers: Readonly<Record<string, Answer>>,
): QuestionnaireResponse {
  const items = (source: readonly QuestionnaireItem[]): QuestionnaireResponseItem[] =>
    source.flatMap((item): QuestionnaireResponseItem[] => {
      const below = items(item.item ?? []);
      const given = answers[item.linkId];
      if (item.type === 'group') return below.length === 0 ? [] : [{ linkId: item.linkId, item: below }];
      if (given === undefined) return [];
      const values = typeof given === 'object' ? given : [given];
      return [{ linkId: item.linkId, answer: values.map((value) => answerOf(item, value)) }];
    });
  return {
    resourceType: 'QuestionnaireResponse',
    id: 'r',
    status: 'completed',
    questionnaire: `${questionnaire.url}|${questionnaire.version}`,
    item: items(questionnaire.item ?? []),
  };
}

function answerOf(item: QuestionnaireItem, value: string | number): object {
  if (item.type === 'integer') return { valueInteger: value };
  if (item.type === 'decimal') return { valueDecimal: value };
  if (item.type === 'quantity') return { valueQuantity: { value } };
  const option = item.answerOption?.find(({ valueCoding }) => valueCoding?.code === String(value))?.valueCoding;
  if (option === undefined) throw new Error(`${item.linkId} has no option ${value}`);
  return { valueCoding: { system: option.system, code: option.code } };
}
