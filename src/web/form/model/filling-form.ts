import type { Extension, Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { isMarked, nameOfExtension } from '../../../forms/constraints/extension-values.ts';
import { hasExpressions } from '../../../forms/expressions/no-expressions.ts';

/**
 * The form as far as it matters while it is filled in. Scores are hidden items that the server calculates whenever they are
 * read: where a form has no other expressions, nothing of them is needed, nor what evaluates expressions. Elsewhere the form
 * stays as it is.
 */
export function fillingForm(questionnaire: Questionnaire): Questionnaire {
  const scores = new Set<string>();
  const bare = (items: readonly QuestionnaireItem[] | undefined): QuestionnaireItem[] | undefined =>
    items?.map((item) => {
      if (isScore(item)) {
        scores.add(item.linkId);
        return { ...item, extension: item.extension?.filter((each) => !isOfScore(each)) ?? [] };
      }
      return item.item === undefined ? item : { ...item, item: bare(item.item) ?? [] };
    });
  const item = bare(questionnaire.item);
  const { extension = [] } = questionnaire;
  const made: Questionnaire = {
    ...questionnaire,
    extension: extension.filter(({ url }) => nameOfExtension(url) !== 'variable'),
    ...(item !== undefined && { item }),
  };
  return hasExpressions(made) || asksAbout(made.item, scores) ? questionnaire : made;
}

/** Read by nobody who fills in the form. */
function isScore({ extension, readOnly, item }: QuestionnaireItem): boolean {
  return (
    readOnly === true &&
    item === undefined &&
    isMarked(extension, 'hidden') &&
    extension?.some(({ url }) => nameOfExtension(url) === 'calculatedExpression') === true
  );
}

function isOfScore({ url }: Extension): boolean {
  const name = nameOfExtension(url);
  return name === 'calculatedExpression' || name === 'variable';
}

function asksAbout(items: readonly QuestionnaireItem[] | undefined, scores: ReadonlySet<string>): boolean {
  return (items ?? []).some(
    ({ enableWhen, item }) =>
      enableWhen?.some(({ question }) => scores.has(question)) === true || asksAbout(item, scores),
  );
}
