import type { Coding, Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';

const hiddenUrl = 'http://hl7.org/fhir/StructureDefinition/questionnaire-hidden';

/** A question's or a display's place in a form. */
export interface TextPlace {
  readonly item: QuestionnaireItem;
  /** Nobody is shown it, or what it stands in. */
  readonly hidden: boolean;
}

/** Every item of a form, in the order in which it is read. */
export function placesOf(questionnaire: Questionnaire): TextPlace[] {
  const walk = (items: readonly QuestionnaireItem[] | undefined, within: boolean): TextPlace[] =>
    (items ?? []).flatMap((item) => {
      const hidden = within || isHidden(item);
      return [{ item, hidden }, ...walk(item.item, hidden)];
    });
  return walk(questionnaire.item, false);
}

/** The codings that an item itself offers. */
export function codingsOf(item: QuestionnaireItem): Coding[] {
  return (item.answerOption ?? []).flatMap(({ valueCoding }) => valueCoding ?? []);
}

/** An option's name in a file of texts: its code, or `system|code` where two options of the item share the code. */
export function optionName(item: QuestionnaireItem, { system, code }: Coding): string {
  const alone = codingsOf(item).filter((coding) => coding.code === code).length === 1;
  return alone ? (code ?? '') : `${system}|${code}`;
}

function isHidden({ extension }: QuestionnaireItem): boolean {
  return extension?.some(({ url, valueBoolean }) => url === hiddenUrl && valueBoolean === true) ?? false;
}
