import type { QuestionnaireItem, QuestionnaireItemAnswerOption } from '@medplum/fhirtypes';
import { dialect } from './addresses.ts';
import { farReference } from './far-references.ts';
import { same } from './same.ts';

/** Receivers to choose between (sdf-optionReference), as R4's answerOption too. */
export function withReferenceOptions(item: QuestionnaireItem): QuestionnaireItem {
  const options = optionsOf(item);
  const isChoice = item.type === 'choice' || item.type === 'open-choice';
  const isFree = item.answerOption === undefined && item.answerValueSet === undefined;
  return isChoice && isFree && options.length > 0 ? { ...item, answerOption: options } : item;
}

/** Without the options that only repeat sdf-optionReference. */
export function withoutReferenceOptions(item: QuestionnaireItem): QuestionnaireItem {
  const { answerOption, ...rest } = item;
  const options = optionsOf(item);
  return options.length > 0 && same(answerOption, options) ? rest : item;
}

/** Refero answers with a coding: the reference as its code, without a system. */
function optionsOf({ extension }: QuestionnaireItem): QuestionnaireItemAnswerOption[] {
  return (extension ?? []).flatMap(({ url, valueReference }) => {
    const code = url === dialect.optionReference && valueReference !== undefined ? farReference(valueReference) : '';
    return code ? [{ valueCoding: { code, ...(valueReference?.display && { display: valueReference.display }) } }] : [];
  });
}
