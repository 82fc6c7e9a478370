import type { QuestionnaireItem } from '@medplum/fhirtypes';
import { optionValue } from '../options.ts';
import { nameOfExtension } from './extension-values.ts';

/** What else than the options may be answered (SDC, code system questionnaire-answer-constraint). */
export type Openness = 'optionsOnly' | 'optionsOrType' | 'optionsOrString';

/** Of what type the answers to a question are. */
export interface AnswerTypes {
  /** JSON names that `value[x]` may have; empty where the question can't be answered. */
  readonly keys: ReadonlySet<string>;
  readonly openness: Openness;
}

const keyOfType: Readonly<Record<string, string>> = {
  boolean: 'valueBoolean',
  decimal: 'valueDecimal',
  integer: 'valueInteger',
  date: 'valueDate',
  dateTime: 'valueDateTime',
  time: 'valueTime',
  string: 'valueString',
  text: 'valueString',
  url: 'valueUri',
  choice: 'valueCoding',
  'open-choice': 'valueCoding',
  attachment: 'valueAttachment',
  reference: 'valueReference',
  quantity: 'valueQuantity',
};
const CALCULATED_OPTIONS = [
  ...['valueCoding', 'valueString', 'valueInteger', 'valueDecimal', 'valueDate', 'valueDateTime', 'valueTime'],
  ...['valueReference', 'valueQuantity'],
];
/** R5's element, as R4 carries it. */
const OPENNESS = 'http://hl7.org/fhir/5.0/StructureDefinition/extension-Questionnaire.item.answerConstraint';

/**
 * The types of the answers (R4 value set item-type). A choice is answered by what its options are: codings, or one of the
 * other types of answerOption; its options may also be calculated.
 */
export function answerTypes(item: QuestionnaireItem): AnswerTypes {
  const keys = new Set<string>();
  const choice = item.type === 'choice' || item.type === 'open-choice';
  if (choice && item.answerOption !== undefined) {
    for (const option of item.answerOption) keys.add(optionValue(option)[0]);
  } else if (choice && hasCalculatedOptions(item)) {
    for (const key of CALCULATED_OPTIONS) keys.add(key);
  } else {
    const key = keyOfType[item.type ?? ''];
    if (key !== undefined) keys.add(key);
  }
  const openness = opennessOf(item);
  if (openness === 'optionsOrString') {
    keys.add('valueString');
  }
  if (openness === 'optionsOrType' && choice) {
    keys.add('valueCoding');
  }
  return { keys, openness };
}

/** SDC answerExpression, of whatever release. */
function hasCalculatedOptions(item: QuestionnaireItem): boolean {
  return item.extension?.some(({ url }) => nameOfExtension(url) === 'answerExpression') ?? false;
}

function opennessOf(item: QuestionnaireItem): Openness {
  const told = item.extension?.find(({ url }) => url === OPENNESS)?.valueCode;
  if (told === 'optionsOnly' || told === 'optionsOrType' || told === 'optionsOrString') {
    return told;
  }
  return item.type === 'open-choice' ? 'optionsOrString' : 'optionsOnly';
}
