import type { Extension, QuestionnaireResponse, QuestionnaireResponseItem } from '@medplum/fhirtypes';
import type { Form } from '../../../forms/form.ts';
import type { FormLanguage } from '../contract.ts';

interface Answered {
  readonly status: 'in-progress' | 'completed' | 'amended';
  readonly items: readonly QuestionnaireResponseItem[];
  /** Of the response as a whole, instead of what it had. */
  readonly extension: readonly Extension[] | undefined;
  readonly language: FormLanguage;
  readonly now: () => Date;
}

/**
 * A form's response with other answers. It is authored when it is sent; a correction keeps the time at which it was.
 *
 * @param own all that it holds beside the answers
 */
export function responseOf(
  { url, version }: Pick<Form, 'url' | 'version'>,
  { extension: _, ...own }: QuestionnaireResponse,
  { status, items, extension, language, now }: Answered,
): QuestionnaireResponse {
  const named = url === undefined ? {} : { questionnaire: version === undefined ? url : `${url}|${version}` };
  const { authored = undefined } = status === 'completed' ? {} : own;
  return {
    ...named,
    ...own,
    ...(extension !== undefined && extension.length > 0 && { extension: [...extension] }),
    ...{ language, status },
    ...(status !== 'in-progress' && { authored: authored ?? now().toISOString() }),
    ...(items.length > 0 && { item: [...items] }),
  };
}
