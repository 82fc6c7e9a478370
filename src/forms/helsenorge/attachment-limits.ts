import type { Extension, Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { sdc } from './addresses.ts';
import { markOf, withExtensions, withMark } from './item-marks.ts';

/** What Helsenorge takes: megabytes a file and a response, and types (Refero, constants/index.ts; Helsenorge's own limit). */
const FILE_MEGABYTES_MAX = 5;
const RESPONSE_MEGABYTES_MAX = 25;
const MIME_TYPES = ['image/jpeg', 'image/png', 'application/pdf'];

const TOTAL_KEY = 'helsenorge-attachments';
const TOTAL: Extension = {
  url: sdc.targetConstraint,
  extension: [
    { url: 'key', valueId: TOTAL_KEY },
    { url: 'severity', valueCode: 'error' },
    {
      url: 'expression',
      valueExpression: {
        language: 'text/fhirpath',
        expression: `%resource.descendants().answer.value.ofType(Attachment).size.sum() <= ${RESPONSE_MEGABYTES_MAX * 1024 * 1024}`,
      },
    },
    { url: 'human', valueString: `Vedleggene kan til sammen være på ${RESPONSE_MEGABYTES_MAX} MB.` },
  ],
};

/** The attachment's limits that Refero has where the form tells none, noted as added. */
export function withFileLimits(item: QuestionnaireItem): QuestionnaireItem {
  if (item.type !== 'attachment') return item;
  const has = (wanted: string): boolean => item.extension?.some(({ url }) => url === wanted) ?? false;
  const added: Extension[] = [
    ...(has(sdc.maxSize) ? [] : [{ url: sdc.maxSize, valueDecimal: FILE_MEGABYTES_MAX }]),
    ...(has(sdc.mimeType) ? [] : MIME_TYPES.map((valueCode) => ({ url: sdc.mimeType, valueCode }))),
  ];
  const urls = [...new Set(added.map(({ url }) => url))];
  return withMark(
    withExtensions(item, [...(item.extension ?? []), ...added]),
    urls.map((valueUri) => ({ url: 'added', valueUri })),
  );
}

/** Without the limits that are noted as added. */
export function withoutFileLimits(item: QuestionnaireItem): QuestionnaireItem {
  const added = new Set(markOf(item).flatMap(({ url, valueUri }) => (url === 'added' ? (valueUri ?? []) : [])));
  return added.size === 0
    ? item
    : withExtensions(
        item,
        (item.extension ?? []).filter(({ url }) => !added.has(url ?? '')),
      );
}

/** A form that takes attachments, with the limit of all of them together. */
export function withTotalLimit(questionnaire: Questionnaire): Questionnaire {
  const takesFiles = (items: readonly QuestionnaireItem[] = []): boolean =>
    items.some(({ type, item }) => type === 'attachment' || takesFiles(item));
  const { extension = [], item } = withoutTotalLimit(questionnaire);
  return takesFiles(item) ? { ...questionnaire, extension: [...extension, TOTAL] } : questionnaire;
}

export function withoutTotalLimit(questionnaire: Questionnaire): Questionnaire {
  const extension = (questionnaire.extension ?? []).filter((each) => !isTotal(each));
  return withExtensions(questionnaire, extension);
}

function isTotal({ url, extension }: Extension): boolean {
  return url === sdc.targetConstraint && (extension?.some((part) => part.valueId === TOTAL_KEY) ?? false);
}
