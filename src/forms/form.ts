import type { Coding, Questionnaire, QuestionnaireItem, QuestionnaireItemEnableWhen } from '@medplum/fhirtypes';
import { error, FhirError, type Issue } from '../model/issue.ts';
import { member, textMember } from './answers.ts';
import { readOptions } from './options.ts';
import type { ScoreRule } from './score-rule.ts';
import { readScoreRules } from './score-rule.ts';

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
  readonly minOccurs: number;
  readonly maxOccurs: number;
  readonly minLength: number;
  readonly maxLength: number;
  readonly maxDecimalPlaces: number;
  readonly minValue: number | string | undefined;
  readonly maxValue: number | string | undefined;
  /** The texts that a response may repeat: the item's own and its translations. */
  readonly texts: ReadonlySet<string>;
  readonly options: FormOptions | undefined;
  readonly enableWhen: readonly QuestionnaireItemEnableWhen[];
  readonly enableAny: boolean;
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
  readonly scores: readonly ScoreRule[];
}

const extensionBase = 'http://hl7.org/fhir/StructureDefinition/';

/**
 * Compiles a Questionnaire to an index of its items. Refuses (422) what could never be answered: a linkId used twice,
 * an enableWhen that asks about a question which is not there, a score over unknown items.
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
  const scores = readScoreRules(questionnaire, issues, items);
  if (issues.length > 0) {
    throw new FhirError(422, issues);
  }
  return {
    url: questionnaire.url,
    version: questionnaire.version,
    status: questionnaire.status,
    items,
    roots,
    scores,
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
    const item: FormItem = Object.assign(duties, compileItem(questionnaire, raw, parent, children));
    items.set(raw.linkId, item);
    level.set(raw.linkId, item);
    for (const [linkId, child] of compileItems(questionnaire, raw.item ?? [], item, here, items, issues)) {
      children.set(linkId, child);
      duties.hasDuties ||= child.required || child.minOccurs > 0 || child.hasDuties;
    }
  });
  return level;
}

function compileItem(
  questionnaire: Questionnaire,
  raw: QuestionnaireItem,
  parent: FormItem | undefined,
  children: ReadonlyMap<string, FormItem>,
): Omit<FormItem, 'hasDuties'> {
  return {
    linkId: raw.linkId,
    type: raw.type,
    parent,
    children,
    required: raw.required === true,
    repeats: raw.repeats === true,
    minOccurs: numberOf(raw, 'questionnaire-minOccurs') ?? 0,
    maxOccurs: numberOf(raw, 'questionnaire-maxOccurs') ?? Number.POSITIVE_INFINITY,
    minLength: numberOf(raw, 'minLength') ?? 0,
    maxLength: raw.maxLength ?? Number.POSITIVE_INFINITY,
    maxDecimalPlaces: numberOf(raw, 'maxDecimalPlaces') ?? Number.POSITIVE_INFINITY,
    minValue: limitOf(raw, 'minValue'),
    maxValue: limitOf(raw, 'maxValue'),
    texts: textsOf(raw),
    options: readOptions(questionnaire, raw),
    enableWhen: raw.enableWhen ?? [],
    enableAny: raw.enableBehavior === 'any',
  };
}

function numberOf(item: QuestionnaireItem, name: string): number | undefined {
  return item.extension?.find((extension) => extension.url === extensionBase + name)?.valueInteger;
}

/** SDC minValue and maxValue; a date, a time and an instant compare as text. */
function limitOf(item: QuestionnaireItem, name: string): number | string | undefined {
  const extension = item.extension?.find((candidate) => candidate.url === extensionBase + name);
  return (
    extension?.valueInteger ??
    extension?.valueDecimal ??
    extension?.valueQuantity?.value ??
    extension?.valueDate ??
    extension?.valueDateTime ??
    extension?.valueTime
  );
}

function textsOf(item: QuestionnaireItem): ReadonlySet<string> {
  const texts = new Set<string>();
  if (item.text !== undefined) {
    texts.add(item.text);
  }
  const translations = member(member(item, '_text'), 'extension');
  for (const translation of Array.isArray(translations) ? translations : []) {
    const parts = member(translation, 'extension');
    const content = Array.isArray(parts) ? parts.find((part) => member(part, 'url') === 'content') : undefined;
    const text = textMember(content, 'valueString') ?? textMember(content, 'valueMarkdown');
    if (text !== undefined) {
      texts.add(text);
    }
  }
  return texts;
}
