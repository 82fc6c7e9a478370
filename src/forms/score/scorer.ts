import type { QuestionnaireResponse } from '@medplum/fhirtypes';
import { error, FhirError, type Issue } from '../../model/issue.ts';
import type { FormData } from '../expressions/data.ts';
import { openForm } from '../expressions/form-state.ts';
import type { Form, FormItem } from '../form.ts';
import { optionsOfCodings } from '../options.ts';
import { collect, type Slot } from './collect.ts';
import { compileRule, type Evaluate } from './evaluate-rule.ts';
import { tablesOf } from './library.ts';
import { compileLookup } from './lookup.ts';
import { compileReading, type KnownOptions } from './read-answer.ts';
import type { ScoreRule, ScoreRules } from './rule.ts';
import type { Score } from './score.ts';
import type { ScoreTable } from './table.ts';

export interface ScorerOptions {
  /** The tables that the rules name, by canonical with version. */
  readonly tables: ReadonlyMap<string, ScoreTable>;
  /** The codings of stored value sets that the form's questions take their options from, weights as extensions on them. */
  readonly valueSets?: FormData['valueSets'];
  /** Which rules to compile; by default those that are no choice, or the default one. */
  readonly choose?: (rule: ScoreRule) => boolean;
}

/** Scores responses to one form by one set of rules. Compiled once; holds no state between calls. */
export interface Scorer {
  readonly rules: readonly ScoreRule[];
  /**
   * The scores of a response, in the rules' order. Answers under disabled items do not count, and calculated answers are
   * ours. `data` is what the form's expressions may ask for; by default only the time, which is that of the response, so
   * that a response scored again gives the same.
   */
  readonly score: (response: QuestionnaireResponse, data?: FormData) => Score[];
}

/**
 * Compiles rules to closures over an index of linkIds.
 *
 * @throws FhirError 422: an item that is not in the form or has no weights, a table that is not there or does not have
 *   what the rule needs
 */
export function compileScorer(rules: ScoreRules, form: Form, options: ScorerOptions): Scorer {
  const issues: Issue[] = [];
  const slots = new Map<string, Slot[]>();
  let slotCount = 0;
  const slotOf = (linkId: string, rule: ScoreRule): number => {
    const item = form.items.get(linkId);
    const reading = rule.answers ?? rules.answers;
    const atLeast = rule.aggregate.kind === 'count' ? rule.aggregate.atLeast : undefined;
    const known = slots.get(linkId)?.find((slot) => slot.reading === reading && slot.atLeast === atLeast);
    if (known !== undefined) return known.index;
    if (item === undefined) {
      issues.push(
        error('business-rule', `The score ${rule.code} uses the item '${linkId}', which is not in the form.`),
      );
      return 0;
    }
    const slot = {
      index: slotCount,
      reading,
      atLeast,
      read: compileReading(reading, item, knownOptions(form, item, options)),
    };
    slotCount += 1;
    slots.set(linkId, [...(slots.get(linkId) ?? []), slot]);
    return slot.index;
  };
  const wanted = withParts(rules, options.choose ?? ((rule) => rule.choice !== 'onRequest'));
  const evaluations: Evaluate[] = [];
  for (const rule of wanted) {
    const places = (rule.items ?? []).map((linkId) => slotOf(linkId, rule));
    const parts = (rule.scores ?? []).map((code) => wanted.findIndex((other) => other.code === code));
    const lacking = tablesOf([rule]).filter((table) => !options.tables.has(table));
    if (lacking.length > 0) {
      issues.push(
        ...lacking.map((table) =>
          error('not-found', `The score ${rule.code} needs the table ${table}, which is not loaded.`),
        ),
      );
      continue;
    }
    const table = rule.table && options.tables.get(rule.table.table);
    const lookup = rule.table && table && compileLookup(rule.table, table);
    evaluations.push(compileRule(rule, rule.items === undefined ? parts : places, lookup, options.tables));
  }
  if (issues.length > 0) throw new FhirError(422, issues);
  const isCalculated = (linkId: string): boolean => form.items.get(linkId)?.expressions.calculated !== undefined;
  const isAsGiven = !form.logic.hasEnablement && ![...slots.keys()].some(isCalculated);
  const indexed: ReadonlyMap<string, readonly Slot[]> = slots;
  return {
    rules: wanted,
    score: (response, data = { now: new Date(response.authored ?? 0) }) => {
      const values = new Float64Array(slotCount).fill(Number.NaN);
      collect(isAsGiven ? response : openForm(form, response, data).effective, indexed, values);
      const scores: Score[] = [];
      for (const evaluate of evaluations) scores.push(inWords(evaluate(values, scores), form));
      return scores;
    },
  };
}

/** The item that stands in the way of a score is told by its words, too. */
function inWords(score: Score, form: Form): Score {
  const { absent } = score;
  if (absent?.reason !== 'no-equivalent') return score;
  const label = form.items.get(absent.part)?.constraints.label;
  const [nb, sv, en] = [label?.('nb'), label?.('sv'), label?.('en')];
  if (nb === undefined || sv === undefined || en === undefined) return score;
  return { ...score, absent: { ...absent, words: { nb, sv, en } } };
}

function knownOptions(form: Form, item: FormItem, { valueSets }: ScorerOptions): KnownOptions {
  const codings = item.valueSet === undefined ? undefined : valueSets?.(item.valueSet);
  const options = item.options ?? (codings === undefined ? undefined : optionsOfCodings(codings));
  return { options, codeWeights: form.logic.codeWeights };
}

/** The chosen rules with the scores that they are made of, in the order of the file. */
function withParts({ scores }: ScoreRules, choose: (rule: ScoreRule) => boolean): readonly ScoreRule[] {
  const wanted = new Set(scores.filter(choose).map(({ code }) => code));
  for (const rule of scores.toReversed()) {
    if (wanted.has(rule.code)) {
      for (const part of rule.scores ?? []) wanted.add(part);
    }
  }
  return scores.filter(({ code }) => wanted.has(code));
}
