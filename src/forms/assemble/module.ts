import type { QuestionnaireItem } from '@medplum/fhirtypes';

const subQuestionnaireUrl = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-subQuestionnaire';

/** The canonical of the form that takes the item's place; undefined if none does. */
export function moduleOf(item: QuestionnaireItem): string | undefined {
  return item.extension?.find((each) => each.url === subQuestionnaireUrl)?.valueCanonical;
}
