import type { QuestionnaireResponse, QuestionnaireResponseItem } from '@medplum/fhirtypes';

type Items = readonly QuestionnaireResponseItem[];

/**
 * Two devices' answers, question by question: what was changed on this one since both were the same, else what the other
 * says. Rows of a repeating group are one answer.
 *
 * @param base what both came from
 * @returns theirs, with the answers of mine that differ from the base
 */
export function mergedResponse(
  base: QuestionnaireResponse | undefined,
  mine: QuestionnaireResponse,
  theirs: QuestionnaireResponse,
): QuestionnaireResponse {
  const { item: _, ...rest } = theirs;
  const item = mergedItems(base?.item ?? [], mine.item ?? [], theirs.item ?? []);
  return { ...rest, ...(item.length > 0 ? { item } : {}) };
}

/** Whether two responses answer the same. */
export function sameAnswers(a: QuestionnaireResponse, b: QuestionnaireResponse): boolean {
  return same(a.item ?? [], b.item ?? []);
}

function mergedItems(base: Items, mine: Items, theirs: Items): QuestionnaireResponseItem[] {
  const linkIds = new Set([...mine, ...theirs].map(({ linkId }) => linkId));
  return [...linkIds].flatMap((linkId) => {
    const of = (items: Items): Items => items.filter((item) => item.linkId === linkId);
    return mergedQuestion(of(base), of(mine), of(theirs));
  });
}

function mergedQuestion(base: Items, mine: Items, theirs: Items): Items {
  if (same(mine, base)) return theirs;
  if (same(theirs, base)) return mine;
  const [ours, others] = [mine[0], theirs[0]];
  const isGroup = ours?.answer === undefined && others?.answer === undefined;
  if (ours === undefined || others === undefined || mine.length > 1 || theirs.length > 1 || !isGroup) return mine;
  const { item: _, ...group } = ours;
  const item = mergedItems(base[0]?.item ?? [], ours.item ?? [], others.item ?? []);
  return [{ ...group, ...(item.length > 0 ? { item } : {}) }];
}

/** The texts of questions tell nothing: they follow the language. */
function same(a: Items, b: Items): boolean {
  return asText(a) === asText(b);
}

function asText(items: Items): string {
  return JSON.stringify(items, (key, value: unknown) => {
    if (key === 'text' || key === '_text') return undefined;
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? Object.fromEntries(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1))) : value;
  });
}
