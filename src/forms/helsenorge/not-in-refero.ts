import type { Extension, Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { nameOfExtension } from '../constraints/extension-values.ts';
import { codes, dialect } from './addresses.ts';
import type { Notes } from './notes.ts';

/** What Refero (25) does not read, by the extension's name. */
const EXTENSIONS: ReadonlyMap<string, string> = new Map([
  ['enableWhenExpression', 'The question would always be shown in Refero, which has no enableWhenExpression.'],
  ['answerExpression', 'Refero has no answerExpression: there would be nothing to choose.'],
  ['candidateExpression', 'Refero offers no candidates (candidateExpression).'],
  ['answerOptionsToggleExpression', 'All options would always be offered in Refero (answerOptionsToggleExpression).'],
  ['targetConstraint', 'Refero does not check constraints between answers (targetConstraint).'],
  ['constraint', 'Refero does not check constraints between answers (constraint).'],
  ['minQuantity', 'Refero does not check minQuantity and maxQuantity.'],
  ['maxQuantity', 'Refero does not check minQuantity and maxQuantity.'],
  ['softMinValue', 'Refero does not tell of unusual values (softMinValue, softMaxValue).'],
  ['softMaxValue', 'Refero does not tell of unusual values (softMinValue, softMaxValue).'],
  ['itemPopulationContext', 'Refero does not fill in groups (itemPopulationContext).'],
  ['unitOption', 'Refero offers one unit only (unitOption).'],
  ['unitValueSet', 'Refero offers one unit only (unitValueSet).'],
]);
const EXCLUSIVE = 'Refero lets an option be combined with others that excludes them (optionExclusive).';
const TYPES: ReadonlyMap<string, string> = new Map([
  ['url', 'Refero shows no questions of type url.'],
  ['reference', 'Refero shows no questions of type reference.'],
]);

/** Tells what of an item Refero does not do. */
export function noteItemForRefero(item: QuestionnaireItem, path: string, notes: Notes): void {
  noteExtensions(item.extension, path, notes);
  const type = TYPES.get(item.type ?? '');
  if (type !== undefined) notes.warn(type, path);
  for (const option of item.answerOption ?? []) {
    const extensions = [...(option.extension ?? []), ...(option.valueCoding?.extension ?? [])];
    if (extensions.some(({ url }) => nameOfExtension(url) === 'optionExclusive')) notes.warn(EXCLUSIVE, path);
  }
  const weighs = item.extension?.some(
    ({ url, valueString }) => url === dialect.calculatedExpression && valueString?.includes('weight()'),
  );
  if (weighs) {
    notes.inform(
      'A score that asks for weight() is calculated by late releases of Refero only; here it always is.',
      path,
    );
  }
}

/** Tells what of a form Helsenorge does not do, or wants beside it. */
export function noteFormForRefero(questionnaire: Questionnaire, notes: Notes): void {
  const path = 'Questionnaire';
  noteExtensions(questionnaire.extension, path, notes);
  const has = (wanted: string): boolean => questionnaire.extension?.some(({ url }) => url === wanted) ?? false;
  const lacks = [
    ...(has(dialect.authenticationRequirement) ? [] : ['sdf-authenticationrequirement']),
    ...(has(dialect.endpoint) ? [] : ['sdf-endpoint (where answers are sent)']),
    ...(questionnaire.meta?.security?.some(({ system }) => system === codes.serviceArea)
      ? []
      : ['meta.security with the service area (tjenesteområde)']),
  ];
  if (lacks.length > 0) {
    notes.inform(`To be set in Structor before the form is used on Helsenorge: ${lacks.join(', ')}.`, path);
  }
  if (JSON.stringify(questionnaire).includes('"http://hl7.org/fhir/StructureDefinition/translation"')) {
    notes.inform('Refero shows the language of the texts themselves; translations are kept, but not shown.', path);
  }
}

function noteExtensions(extensions: readonly Extension[] | undefined, path: string, notes: Notes): void {
  for (const { url } of extensions ?? []) {
    const words = EXTENSIONS.get(nameOfExtension(url) ?? '');
    if (words !== undefined) notes.warn(words, path);
  }
}
