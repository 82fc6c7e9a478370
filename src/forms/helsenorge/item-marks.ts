import type { Extension, QuestionnaireItem } from '@medplum/fhirtypes';
import { kept } from './addresses.ts';

/** What import notes on an item, so that export finds the dialect's item again. */
export function withMark(item: QuestionnaireItem, parts: readonly Extension[]): QuestionnaireItem {
  if (parts.length === 0) return item;
  const before = markOf(item);
  const others = (item.extension ?? []).filter(({ url }) => url !== kept.item);
  return { ...item, extension: [...others, { url: kept.item, extension: [...before, ...parts] }] };
}

/** The notes on an item. */
export function markOf(item: QuestionnaireItem): readonly Extension[] {
  return item.extension?.find(({ url }) => url === kept.item)?.extension ?? [];
}

/** The item without notes, and without an empty list of extensions. */
export function withoutMark(item: QuestionnaireItem): QuestionnaireItem {
  return withExtensions(
    item,
    (item.extension ?? []).filter(({ url }) => url !== kept.item),
  );
}

/** The element with these extensions; FHIR has no empty lists. */
export function withExtensions<T extends { extension?: Extension[] }>(element: T, extensions: Extension[]): T {
  if (extensions.length > 0) return { ...element, extension: extensions };
  const { extension, ...rest } = element;
  return rest as T;
}
