import type { QuestionnaireResponseItemAnswer } from '@medplum/fhirtypes';
import { answerValue } from './answers.ts';
import { attachmentFaults } from './constraints/attachment.ts';
import type { Bound } from './constraints/bound.ts';
import { type BoundName, limitFaults } from './constraints/limit-faults.ts';
import { type ContainedTypes, referenceFault } from './constraints/reference.ts';
import { isOfType, isUri } from './constraints/value-types.ts';
import type { FormItem, FormOptions } from './form.ts';
import type { FaultWords } from './messages/fault-issue.ts';
import type { ResponseRule } from './messages/response-rules.ts';
import { findOption } from './options.ts';

/** Takes a fault of an item; `limit` is what the form says about it, `constraint` the key of the form's own rule. */
export type Report = (
  rule: ResponseRule,
  item: FormItem,
  expression: string,
  limit?: FaultWords['limit'],
  constraint?: string,
) => void;

/** What an answer is looked at with. */
export interface AnswerContext {
  readonly report: Report;
  /** What may be answered; undefined where any value of the type may. `unknown`: a value set that is not to be had. */
  readonly options: PermittedOptions | 'unknown' | undefined;
  /** How many answers the item has here. */
  readonly count: number;
  /** A bound that is calculated (cqf-expression); undefined where it is not. */
  readonly calculated: ((name: BoundName) => Bound | undefined) | undefined;
  /** The units that a value set lists; `unknown` where it is not to be had, undefined where nobody asked for it. */
  readonly unitsOf: (valueSet: string) => FormOptions | 'unknown' | undefined;
  readonly contained: ContainedTypes;
}

export interface PermittedOptions {
  readonly options: FormOptions;
  /** By which rule others are refused: invalidCoding where a value set lists them. */
  readonly rule: 'invalidAnswerOption' | 'invalidCoding';
  /** True for an option that is switched off by the other answers (SDC answerOptionsToggleExpression). */
  readonly isOff?: (key: string, value: unknown) => boolean;
}

/** Reports what is wrong with one answer to a question. */
export function answerFaults(
  item: FormItem,
  answer: QuestionnaireResponseItemAnswer,
  path: string,
  context: AnswerContext,
): void {
  const { report } = context;
  const given = answerValue(answer);
  if (given === undefined) {
    report('emptyAnswer', item, path);
    return;
  }
  const { key, value } = given;
  if (typeof value === 'string' && value.trim() === '') {
    report('emptyAnswer', item, path);
    return;
  }
  const here = `${path}.value`;
  if (item.answerTypes.keys.size === 0) {
    report('invalidType', item, here);
    return;
  }
  if (!item.answerTypes.keys.has(key) || !isOfType(key, value)) {
    report('invalidAnswerType', item, here);
    return;
  }
  if (context.options !== undefined) {
    checkOption(item, key, value, here, context);
  }
  switch (key) {
    case 'valueString':
      if (item.type === 'string' && typeof value === 'string' && /[\r\n]/.test(value)) {
        report('invalidNewLine', item, here);
      }
      break;
    case 'valueUri':
      if (!isUri(String(value))) report('invalidUrlValue', item, here);
      break;
    case 'valueAttachment':
      for (const rule of attachmentFaults(value, item.constraints.attachment)) {
        const { mimeTypes, megabytesMax } = item.constraints.attachment;
        report(rule, item, here, rule === 'maxAttachmentSize' ? megabytesMax : mimeTypes.join(', '));
      }
      break;
    case 'valueReference': {
      const rule = referenceFault(value, item.constraints.referenceTargets, context.contained);
      if (rule !== undefined) {
        report(rule, item, here, [...(item.constraints.referenceTargets ?? [])].join(', '));
      }
      break;
    }
  }
  if (item.constraints.limitsAnswers) {
    limitFaults(item, answer, value, here, context);
  }
}

/** R4: a choice is answered by one of its options; an open-choice also by free text. */
function checkOption(item: FormItem, key: string, value: unknown, path: string, context: AnswerContext): void {
  const { options: permitted, report, count } = context;
  const { openness } = item.answerTypes;
  const isOpen = openness === 'optionsOrType' || (openness === 'optionsOrString' && key === 'valueString');
  if (permitted === undefined || permitted === 'unknown') {
    if (permitted === 'unknown' && !isOpen) report('tsError', item, path, item.valueSet);
    return;
  }
  const option = findOption(permitted.options, key, value);
  if (option === undefined) {
    if (!isOpen) report(permitted.rule, item, path);
  } else if (permitted.isOff?.(key, value) === true) {
    report(permitted.rule, item, path);
  } else if (option.exclusive && count > 1) {
    report('exclusiveAnswerOption', item, path);
  }
}
