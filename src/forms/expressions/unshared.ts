import type { QuestionnaireResponse, QuestionnaireResponseItem } from '@medplum/fhirtypes';

/**
 * The response, or a copy where one object stands in it twice as an answer or a coding: an answer is known by its identity,
 * since the same code may weigh differently in another question. JSON that was parsed has no such objects.
 */
export function unshared(response: QuestionnaireResponse): QuestionnaireResponse {
  const met = new Set<object>();
  const isNew = (part: object | undefined): boolean => part === undefined || met.size !== met.add(part).size;
  const fine = (items: readonly QuestionnaireResponseItem[]): boolean =>
    items.every(
      ({ answer, item }) =>
        (answer ?? []).every(
          (each) => isNew(each) && isNew(each.valueCoding) && isNew(each.valueQuantity) && fine(each.item ?? []),
        ) && fine(item ?? []),
    );
  return fine(response.item ?? []) ? response : copy(response);
}

function copy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}
