import type { QuestionnaireResponseItem } from '@medplum/fhirtypes';
import type { FormItem } from '../form.ts';

/**
 * Items of a response with what was found for questions that they do not answer yet, where `isWanted` admits the question.
 * In groups that repeat nothing is added: which repetition is meant is not known.
 */
export function prefilled(
  level: ReadonlyMap<string, FormItem>,
  given: readonly QuestionnaireResponseItem[],
  found: readonly QuestionnaireResponseItem[],
  isWanted: (item: FormItem) => boolean,
): QuestionnaireResponseItem[] {
  const added = [...level.values()].flatMap((item): QuestionnaireResponseItem[] => {
    const nodes = given.filter(({ linkId }) => linkId === item.linkId);
    const [node] = nodes;
    const source = found.find(({ linkId }) => linkId === item.linkId);
    if (source === undefined || (item.repeats && item.type === 'group')) return nodes;
    if (item.type === 'group') {
      const inner = prefilled(item.children, node?.item ?? [], source.item ?? [], isWanted);
      return inner.length === 0 ? nodes : [{ ...(node ?? { linkId: item.linkId }), item: inner }];
    }
    if (node?.answer !== undefined || source.answer === undefined || !isWanted(item)) return nodes;
    return [{ ...(node ?? { linkId: item.linkId }), answer: source.answer.map(({ item: _, ...value }) => value) }];
  });
  const unknown = given.filter(({ linkId }) => !level.has(linkId));
  return [...added, ...unknown];
}
