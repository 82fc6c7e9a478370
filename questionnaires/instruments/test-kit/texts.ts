import type { Element, Extension, Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';

const translation = 'http://hl7.org/fhir/StructureDefinition/translation';
const wording = 'https://svar.example.org/fhir/StructureDefinition/questionnaire-wording';
const calculated = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression';

/**
 * A text that says no more than where it stands: statement 3, question 9A with a word or two of what it is about, level 2.
 * Never a sentence: wording that is licensed would not fit. The first of a form has a mark before it.
 */
export const placeholder =
  /^(?:\[(?:plassholdertekst|platshållartext|placeholder text)\] )?(?:(?:Utsagn|Påstående|Statement|Spørsmål|Fråga|Question|Del|Part|Nivå|Level)(?: \d{1,2}[A-G]?)?(?:: [^.?!:]{1,40})?|Instruksjon|Instruktion|Instruction|Nedre endepunkt|Nedre ändpunkt|Lower end point|Øvre endepunkt|Övre ändpunkt|Upper end point|Vet ikke|Vet ej|Don't know)$/;

export interface FormText {
  readonly where: string;
  readonly isTitle: boolean;
  /** The text of a calculated item: a score's name, ours in every form. */
  readonly calculated: boolean;
  readonly byLanguage: Readonly<Record<string, string>>;
}

/** Title, texts of items and displays of answers, each in all languages that it has. */
export function textsOf(form: Questionnaire): FormText[] {
  const ofItem = (item: QuestionnaireItem): FormText[] => [
    {
      where: item.linkId,
      isTitle: false,
      calculated: isCalculated(item),
      byLanguage: languages(item.text, item, '_text'),
    },
    ...(item.answerOption ?? []).map(({ valueCoding }) => ({
      where: `${item.linkId} ${valueCoding?.code}`,
      isTitle: false,
      calculated: false,
      byLanguage: languages(valueCoding?.display, valueCoding, '_display'),
    })),
    ...(item.item ?? []).flatMap(ofItem),
  ];
  const title = { where: 'title', isTitle: true, calculated: false, byLanguage: languages(form.title, form, '_title') };
  return [title, ...(form.item ?? []).flatMap(ofItem)];
}

export function isCalculated(item: QuestionnaireItem): boolean {
  return item.extension?.some(({ url }) => url === calculated) ?? false;
}

/** Whose words the form has, by language (extension questionnaire-wording). */
export function wordingOf(form: Questionnaire): { language: string; kind: string }[] {
  return (form.extension ?? [])
    .filter(({ url }) => url === wording)
    .map(({ extension }) => ({ language: code(extension, 'language'), kind: code(extension, 'kind') }));
}

function code(extensions: readonly Extension[] | undefined, url: string): string {
  return extensions?.find((extension) => extension.url === url)?.valueCode ?? '';
}

function languages(text: string | undefined, owner: object | undefined, element: string): Record<string, string> {
  const primitive = (owner as Record<string, Element | undefined> | undefined)?.[element];
  const translated = (primitive?.extension ?? [])
    .filter(({ url }) => url === translation)
    .map(({ extension }) => [
      code(extension, 'lang'),
      extension?.find(({ url }) => url === 'content')?.valueString ?? '',
    ]);
  return Object.fromEntries([...(text === undefined ? [] : [['nb', text]]), ...translated]);
}
