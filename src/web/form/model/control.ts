import type { QuestionnaireItem } from '@medplum/fhirtypes';
import { nameOfExtension } from '../../../forms/constraints/extension-values.ts';
import type { FormItem } from '../../../forms/form.ts';
import { itemControlsOf } from './form-texts.ts';

/** More options than this are searched through, not shown at once. */
export const LISTED_MAX = 40;
/** More than this are a list that opens, for whom it suits: a patient sees every option of an instrument. */
const RADIOS_MAX = 12;
/** A scale of numbers is one row of targets up to this many. */
const SCALE_MAX = 11;
/** Fewer numbers than these are mere answers. */
const NUMBERED_MIN = 5;
/** A row of a table needs its columns to fit on a screen. */
const COLUMNS_MAX = 8;

/** SDC's and R4's controls of texts: they stand with what they are told of. */
const TEXTS = [
  'help',
  'flyover',
  'prompt',
  'lower',
  'upper',
  'unit',
  'header',
  'footer',
  'security',
  'inline',
] as const;
/** The controls of groups. `table`: a row a question, the answers that all share as columns. `row-table`: a row an occurrence. */
const GROUPS = ['group', 'table', 'row-table', 'grid', 'grid-row', 'page'] as const;
/**
 * The controls of questions. `scale`: at most eleven numbers in one row; of a question with options, those that are numbers
 * stand in the row and the others ("don't know") below. `vas`: a longer range, 0 to 100 from the bottom to the top. `boolean`:
 * yes or no; `tick`: a box that stands alone. `likert-row`: a question of a `table`. `calculated`: what the form makes of
 * other answers.
 */
const QUESTIONS = [
  'scale',
  'vas',
  'radio',
  'check-box',
  'drop-down',
  'autocomplete',
  'likert-row',
  'body-map',
  'boolean',
  'tick',
  'date',
  'date-time',
  'time',
  'text',
  'multi-line',
  'number',
  'quantity',
  'url',
  'reference',
  'attachment',
  'calculated',
] as const;

/** How an item is shown: every item of every form has one of these. */
export type Control = (typeof TEXTS)[number] | (typeof GROUPS)[number] | (typeof QUESTIONS)[number] | 'display';

/** All names, for those that have to know every one of them. */
export const controls: ReadonlySet<string> = new Set<Control>([...TEXTS, ...GROUPS, ...QUESTIONS, 'display']);

/** The options' codes of a question, as far as they are known now. */
export type OptionKeys = (item: FormItem) => readonly string[] | undefined;

/** The control of an item: the one that its form names, where it suits what is asked, else the one that suits best. */
export function controlOf(item: FormItem, optionKeys: OptionKeys): Control {
  const named = itemControlsOf(item.source);
  switch (item.type) {
    case 'display':
      return TEXTS.find((each) => named.includes(each)) ?? 'display';
    case 'group':
      return groupControl(item, named, optionKeys);
    default:
      if (item.readOnly && item.expressions.calculated !== undefined) return 'calculated';
      return item.parent?.type === 'group' && controlOf(item.parent, optionKeys) === 'table'
        ? 'likert-row'
        : questionControl(item, named, optionKeys);
  }
}

function groupControl(item: FormItem, named: readonly string[], optionKeys: OptionKeys): Control {
  if (named.includes('page')) return 'page';
  if (named.includes('gtable')) return item.repeats ? 'row-table' : 'group';
  if (named.includes('grid')) return 'grid';
  if (item.parent?.type === 'group' && itemControlsOf(item.parent.source).includes('grid')) return 'grid-row';
  return isTable(item, optionKeys) ? 'table' : 'group';
}

/** Whether the questions of a group all have the same few options: then the options stand once, above them. */
function isTable(group: FormItem, optionKeys: OptionKeys): boolean {
  if (group.repeats) return false;
  const questions = [...group.children.values()].filter(({ type, source }) => type !== 'display' && !isHidden(source));
  const [first] = questions;
  const columns = first && optionKeys(first);
  if (columns === undefined || questions.length < 2 || columns.length < 2 || columns.length > COLUMNS_MAX) return false;
  const same = columns.join('\n');
  return questions.every(
    (question) =>
      question.type === 'choice' &&
      !question.repeats &&
      [...question.children.values()].every(({ type }) => type === 'display') &&
      optionKeys(question)?.join('\n') === same &&
      sameTexts(first, question),
  );
}

/** Codes may be the same where the words are not: 0 to 3 of HADS. */
function sameTexts(a: FormItem | undefined, b: FormItem): boolean {
  const texts = (item: FormItem | undefined): string =>
    [...(item?.options?.byKey.values() ?? [])].map(({ coding }) => coding?.display).join('\n');
  return texts(a) === texts(b);
}

function questionControl(item: FormItem, named: readonly string[], optionKeys: OptionKeys): Control {
  switch (item.type) {
    case 'boolean':
      return named.includes('check-box') ? 'tick' : 'boolean';
    case 'integer':
      return numberControl(item, named);
    case 'decimal':
      return 'number';
    case 'quantity':
      return 'quantity';
    case 'date':
      return 'date';
    case 'dateTime':
      return 'date-time';
    case 'time':
      return 'time';
    case 'text':
      return 'multi-line';
    case 'url':
      return 'url';
    case 'attachment':
      return 'attachment';
    case 'reference':
      return item.expressions.candidates === undefined && item.expressions.answers === undefined
        ? 'reference'
        : listControl(item, named, optionKeys);
    case 'choice':
    case 'open-choice':
      return listControl(item, named, optionKeys);
    default:
      return item.options === undefined ? 'text' : listControl(item, named, optionKeys);
  }
}

function numberControl(item: FormItem, named: readonly string[]): Control {
  const { min, max } = item.constraints.hard;
  if (item.repeats || typeof min !== 'number' || typeof max !== 'number' || max <= min) return 'number';
  const step = item.source.extension?.find(({ url }) => nameOfExtension(url) === 'sliderStepValue')?.valueInteger ?? 1;
  const steps = (max - min) / Math.max(1, step) + 1;
  if (steps <= SCALE_MAX) return 'scale';
  return named.includes('slider') ? 'vas' : 'number';
}

function listControl(item: FormItem, named: readonly string[], optionKeys: OptionKeys): Control {
  const keys = optionKeys(item);
  if (keys === undefined || keys.length > LISTED_MAX) return isBodyMap(item, keys) ? 'body-map' : 'autocomplete';
  if (isBodyMap(item, keys)) return 'body-map';
  if (item.repeats) return named.includes('drop-down') ? 'drop-down' : 'check-box';
  if (named.includes('autocomplete')) return 'autocomplete';
  if (named.includes('drop-down')) return 'drop-down';
  if (named.includes('radio-button')) return 'radio';
  if (isNumbered(item)) return 'scale';
  return keys.length > RADIOS_MAX || item.type === 'reference' ? 'drop-down' : 'radio';
}

/** Options that are told by numbers in a row alone, 0 to 10; and after them at most two in words. */
function isNumbered(item: FormItem): boolean {
  const texts = [...(item.options?.byKey.values() ?? [])].map(({ coding }) => coding?.display?.trim());
  const first = Number(texts[0] || Number.NaN);
  const words = texts.findIndex((text, index) => text !== String(first + index));
  const numbers = words < 0 ? texts.length : words;
  return (
    item.type === 'choice' &&
    numbers >= NUMBERED_MIN &&
    numbers <= SCALE_MAX &&
    texts.length - numbers <= 2 &&
    texts.slice(numbers).every((text) => text !== undefined && Number.isNaN(Number(text)))
  );
}

const REGION_SYSTEM = 'https://svar.example.org/fhir/CodeSystem/pain-region';
const REGION_SET = 'https://svar.example.org/fhir/ValueSet/pain-region';

/** Places of the body, drawn by their codes: terminology/code-systems/svar, pain-region. */
function isBodyMap(item: FormItem, keys: readonly string[] | undefined): boolean {
  return (
    item.valueSet?.split('|')[0] === REGION_SET ||
    (keys !== undefined &&
      keys.length > 8 &&
      keys.every((key) => key.startsWith(`${REGION_SYSTEM}|`) || isNone(item, key)))
  );
}

/** "Nowhere" excludes all places, and is none itself. */
function isNone(item: FormItem, key: string): boolean {
  return item.options?.byKey.get(key)?.exclusive === true;
}

function isHidden({ extension }: QuestionnaireItem): boolean {
  return (extension ?? []).some(({ url, valueBoolean }) => nameOfExtension(url) === 'hidden' && valueBoolean === true);
}
