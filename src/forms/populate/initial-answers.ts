import type { QuestionnaireResponseItemAnswer } from '@medplum/fhirtypes';
import { answerValue } from '../answers.ts';
import type { FormItem } from '../form.ts';

/** The answers that a form itself begins with: `initial`, and options that are `initialSelected`. */
export function initialAnswers({ source }: FormItem): readonly QuestionnaireResponseItemAnswer[] {
  const { initial = [], answerOption = [] } = source;
  return [...initial, ...answerOption.filter(({ initialSelected }) => initialSelected === true)].flatMap((each) => {
    const value = answerValue(each);
    return value === undefined ? [] : [{ [value.key]: value.value }];
  });
}
