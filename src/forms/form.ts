import type { Coding, Questionnaire, QuestionnaireItem, QuestionnaireItemEnableWhen } from '@medplum/fhirtypes';
import { compileExpressions, compileLogic } from '#expression-compiler';
import { error, FhirError, type Issue } from '../model/issue.ts';
import { member, textMember } from './answers.ts';
import { type AnswerTypes, answerTypes } from './constraints/answer-types.ts';
import { type Constraints, readConstraints } from './constraints/constraints.ts';
import { isMarked } from './constraints/extension-values.ts';
import { normalText } from './constraints/item-text.ts';
import type { ItemExpressions, LaunchContext, SharedExpressions } from './expressions/expression.ts';
import type { FormLogic } from './expressions/logic.ts';
import { noExpressions } from './expressions/no-expressions.ts';
import { readLaunchContexts } from './expressions/read-expressions.ts';
import { readOptions } from './options.ts';

/** One permitted answer of a question, with its weight for scoring (SDC itemWeight, R4 ordinalValue). */
export interface FormOption {
  readonly coding?: Coding;
  readonly weight?: number;
  readonly exclusive: boolean;
}

/** The permitted answers of a question: codings by system and code, other values by type and value. */
export interface FormOptions {
  readonly byKey: ReadonlyMap<string, FormOption>;
  /** Options by code alone, where no second option has the same code. */
  readonly byCode: ReadonlyMap<string, FormOption>;
}

export interface FormItem {
  readonly linkId: string;
  readonly type: QuestionnaireItem['type'];
  /** Undefined at the root. */
  readonly parent: FormItem | undefined;
  readonly children: ReadonlyMap<string, FormItem>;
  readonly required: boolean;
  readonly repeats: boolean;
  readonly constraints: Constraints;
  readonly answerTypes: AnswerTypes;
  /** The texts that a response may repeat, blanks aside: the item's own and its translations. */
  readonly texts: ReadonlySet<string>;
  /** The options that the form itself lists. */
  readonly options: FormOptions | undefined;
  /** The value set whose codings are the options, where the form itself does not list them; as FormData.valueSets is asked. */
  readonly valueSet: string | undefined;
  /** Its place in the form, as in a book read from the first page. */
  readonly position: number;
  readonly enableWhen: readonly QuestionnaireItemEnableWhen[];
  readonly enableAny: boolean;
  /** Where it stands in the Questionnaire, as FHIRPath. */
  readonly path: string;
  readonly readOnly: boolean;
  /** Asked of nobody any more; answers to it come with older data only (our extension questionnaire-retired). */
  readonly retired: boolean;
  /** The item as the Questionnaire has it: `%qitem`. */
  readonly source: QuestionnaireItem;
  /** SDC's expressions on it. */
  readonly expressions: ItemExpressions;
  /** True if a child must be answered or may be disabled: then the children have to be looked at even where absent. */
  readonly hasDuties: boolean;
}

/** A Questionnaire, compiled once and used for every response to it. Immutable. */
export interface Form {
  readonly url: string | undefined;
  readonly version: string | undefined;
  readonly status: Questionnaire['status'];
  readonly items: ReadonlyMap<string, FormItem>;
  readonly roots: ReadonlyMap<string, FormItem>;
  /** Whom or what responses may be about; empty where the form does not say. */
  readonly subjectTypes: readonly string[];
  /** The value sets that answers and units are checked by and that the form does not list itself. */
  readonly valueSets: readonly string[];
  /** The form as it is stored: `%questionnaire`. */
  readonly source: Questionnaire;
  /** SDC's expressions on the form as a whole. */
  readonly expressions: SharedExpressions;
  readonly launchContexts: readonly LaunchContext[];
  /** What its expressions need of an evaluation. */
  readonly logic: FormLogic;
}

/**
 * Compiles a Questionnaire to an index of its items. Refuses (422) what could never be answered: a linkId used twice,
 * an enableWhen that asks about a question which is not there, an expression that does not
 * parse, calculations or enablement that depend on themselves.
 */
export function compileForm(questionnaire: Questionnaire): Form {
  const items = new Map<string, FormItem>();
  const issues: Issue[] = [];
  const roots = compileItems(questionnaire, questionnaire.item ?? [], undefined, 'Questionnaire', items, issues);
  for (const item of items.values()) {
    for (const rule of item.enableWhen) {
      if (!items.has(rule.question)) {
        issues.push(
          error('business-rule', `Item '${item.linkId}' depends on '${rule.question}', which is not in the form.`),
        );
      }
    }
  }
  const expressions = compileExpressions(questionnaire, items, roots, issues);
  for (const [item, own] of expressions.ofItems) {
    Object.assign(item, { expressions: own });
  }
  const logic = compileLogic(questionnaire, items, expressions, issues);
  if (issues.length > 0) {
    throw new FhirError(422, issues);
  }
  return {
    url: questionnaire.url,
    version: questionnaire.version,
    status: questionnaire.status,
    items,
    roots,
    subjectTypes: questionnaire.subjectType ?? [],
    valueSets: valueSetsOf(items),
    source: questionnaire,
    expressions: expressions.form,
    launchContexts: readLaunchContexts(questionnaire),
    logic,
  };
}

function compileItems(
  questionnaire: Questionnaire,
  source: readonly QuestionnaireItem[],
  parent: FormItem | undefined,
  path: string,
  items: Map<string, FormItem>,
  issues: Issue[],
): Map<string, FormItem> {
  const level = new Map<string, FormItem>();
  source.forEach((raw, index) => {
    const here = `${path}.item[${index}]`;
    if (items.has(raw.linkId)) {
      issues.push(error('duplicate', `The linkId '${raw.linkId}' is used twice; it must be unique.`, `${here}.linkId`));
      return;
    }
    const children = new Map<string, FormItem>();
    const duties = { hasDuties: false };
    const place = { position: items.size, path: here };
    const item: FormItem = Object.assign(duties, compileItem(questionnaire, raw, parent, children, place, issues));
    items.set(raw.linkId, item);
    level.set(raw.linkId, item);
    for (const [linkId, child] of compileItems(questionnaire, raw.item ?? [], item, here, items, issues)) {
      children.set(linkId, child);
      duties.hasDuties ||= mayBeDue(child) || child.hasDuties;
    }
  });
  return level;
}

function compileItem(
  questionnaire: Questionnaire,
  raw: QuestionnaireItem,
  parent: FormItem | undefined,
  children: ReadonlyMap<string, FormItem>,
  { position, path }: { readonly position: number; readonly path: string },
  issues: Issue[],
): Omit<FormItem, 'hasDuties'> {
  const options = readOptions(questionnaire, raw);
  return {
    linkId: raw.linkId,
    type: raw.type,
    parent,
    children,
    required: raw.required === true,
    repeats: raw.repeats === true,
    constraints: readConstraints(questionnaire, raw, issues, path),
    answerTypes: answerTypes(raw),
    texts: textsOf(raw),
    options,
    valueSet: options === undefined ? raw.answerValueSet : undefined,
    position,
    enableWhen: raw.enableWhen ?? [],
    enableAny: raw.enableBehavior === 'any',
    path,
    readOnly: raw.readOnly === true,
    retired: isMarked(raw.extension, 'retired'),
    source: raw,
    expressions: noExpressions,
  };
}

/** Whether an item must be answered, or may have to be: SDC's cqf-expression on `required` and on minOccurs. */
function mayBeDue({ required, constraints, source }: FormItem): boolean {
  return required || constraints.minOccurs > 0 || '_required' in source || constraints.calculatedMinOccurs;
}

function valueSetsOf(items: ReadonlyMap<string, FormItem>): readonly string[] {
  const all = [...items.values()].flatMap(({ valueSet, constraints }) => [valueSet, constraints.units?.valueSet]);
  return [...new Set(all.flatMap((canonical) => canonical ?? []))];
}

function textsOf(item: QuestionnaireItem): ReadonlySet<string> {
  const texts = new Set<string>();
  if (item.text !== undefined) {
    texts.add(normalText(item.text));
  }
  const translations = member(member(item, '_text'), 'extension');
  for (const translation of Array.isArray(translations) ? translations : []) {
    const parts = member(translation, 'extension');
    const content = Array.isArray(parts) ? parts.find((part) => member(part, 'url') === 'content') : undefined;
    const text = textMember(content, 'valueString') ?? textMember(content, 'valueMarkdown');
    if (text !== undefined) {
      texts.add(normalText(text));
    }
  }
  return texts;
}
