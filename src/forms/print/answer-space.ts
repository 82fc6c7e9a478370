import type { QuestionnaireItem } from '@medplum/fhirtypes';
import { type Html, html } from '../../model/html.ts';
import { nameOfExtension } from '../constraints/extension-values.ts';
import { optionValue } from '../options.ts';
import { type BlankForm, hasControl } from './blank-form.ts';
import { filledIn } from './words.ts';

/** Whole numbers of a range up to this long are boxes to tick. */
const NUMBERS_MAX = 11;
const LINES_OF_TEXT = 4;

/** Where a question is answered on paper: boxes or lines, with what is to be known of them. */
export function answerSpace(form: BlankForm, item: QuestionnaireItem): Html {
  const { words } = form;
  switch (item.type) {
    case 'boolean':
      return hasControl(item, 'check-box')
        ? html``
        : html`<ul class="options few">${[words.yes, words.no].map(box)}</ul>`;
    case 'choice':
    case 'open-choice':
      return options(form, item);
    case 'integer':
      return numbers(item) ?? line(unitOf(item), 'short');
    case 'decimal':
    case 'quantity':
      return line(unitOf(item), 'short');
    case 'date':
      return dateBoxes(form);
    case 'dateTime':
      return html`<div class="pair">${dateBoxes(form)}${line(words.time, 'short')}</div>`;
    case 'time':
      return line(words.time, 'short');
    case 'text':
      return html`<div class="lines">${Array.from({ length: LINES_OF_TEXT }, () => html`<span class="line"></span>`)}</div>`;
    case 'group':
    case 'display':
      return html``;
    default:
      return line(undefined, 'long');
  }
}

/** Whether there is room for the answer beside the question: a number. */
export function isWrittenBeside(item: QuestionnaireItem): boolean {
  const isNumber = item.type === 'integer' || item.type === 'decimal' || item.type === 'quantity';
  return isNumber && numbers(item) === undefined && item.item === undefined;
}

function options(form: BlankForm, item: QuestionnaireItem): Html {
  const { words } = form;
  const codings = form.codings(item);
  const plain = (item.answerOption ?? []).filter(({ valueCoding }) => valueCoding === undefined);
  const labels = [
    ...(codings ?? []).map((coding) => form.text(coding, 'display') || (coding.code ?? '')),
    ...plain.map((option) => {
      const [, value] = optionValue(option);
      return typeof value === 'object' ? (option.valueReference?.display ?? '') : String(value);
    }),
  ];
  const open =
    item.type === 'open-choice' ? html`<div class="other">${words.other} ${line(undefined, 'long')}</div>` : html``;
  if (labels.length === 0) return line(undefined, 'long');
  const exclusive = (item.answerOption ?? []).flatMap(({ extension, valueCoding }) =>
    [...(extension ?? []), ...(valueCoding?.extension ?? [])].some(
      ({ url, valueBoolean }) => nameOfExtension(url) === 'optionExclusive' && valueBoolean === true,
    ) && valueCoding !== undefined
      ? [`«${form.text(valueCoding, 'display')}»`]
      : [],
  );
  const alone = exclusive.length === 0 ? '' : ` ${filledIn(words.alone, { options: exclusive.join(', ') })}`;
  const few = labels.length <= 3 && labels.every((label) => label.length <= 16);
  return html`<p class="hint">${item.repeats === true ? words.several : words.one}${alone}</p>
<ul class="options ${few ? 'few' : ''}">${labels.map(box)}</ul>${open}`;
}

function box(label: string): Html {
  return html`<li><span class="box"></span><span>${label}</span></li>`;
}

/** 0 to 10, say, as boxes in a row. */
function numbers({ extension }: QuestionnaireItem): Html | undefined {
  const bound = (name: string): number | undefined =>
    extension?.find(({ url }) => nameOfExtension(url) === name)?.valueInteger;
  const [least, most] = [bound('minValue'), bound('maxValue')];
  if (least === undefined || most === undefined || most - least >= NUMBERS_MAX || most < least) return undefined;
  const all = Array.from({ length: most - least + 1 }, (_, index) => String(least + index));
  return html`<ul class="numbers">${all.map(box)}</ul>`;
}

function unitOf({ extension }: QuestionnaireItem): string | undefined {
  const unit = extension?.find(({ url }) => nameOfExtension(url) === 'unit')?.valueCoding;
  return unit?.display ?? unit?.code;
}

function dateBoxes({ words }: BlankForm): Html {
  const part = (name: string, digits: number): Html =>
    html`<span class="digits"><span>${Array.from({ length: digits }, () => html`<span class="digit"></span>`)}</span><span class="of">${name}</span></span>`;
  const [day, month, year] = words.date;
  return html`<div class="date">${part(day, 2)}${part(month, 2)}${part(year, 4)}</div>`;
}

function line(after: string | undefined, length: 'short' | 'long'): Html {
  return html`<div class="entry"><span class="line ${length}"></span>${after === undefined ? html`` : html`<span>${after}</span>`}</div>`;
}
