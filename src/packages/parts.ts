import type { SearchParameters } from '../search/parameters.ts';
import { canonicalOf } from './address.ts';
import type { FoundResource } from './found-resources.ts';

/** A resource's references to others, as `Type/id`. */
export type ReferencesOf = (found: FoundResource) => readonly string[];

/**
 * Parts of at most `partMax` resources, each to be stored in one transaction: one, where that suffices.
 *
 * Definitions come before what is judged by them, so a package that holds both has at least two parts. A resource comes
 * in the same part as what it refers to, or in a later one, and courses before the answers about them. Within a part the
 * order is that in which enforcing bots are to hear of the resources: answers and consents by their dates, then the rest,
 * so that the order of the input does not matter and a course's membership follows what happened.
 */
export function parts(
  resources: readonly FoundResource[],
  parameters: SearchParameters,
  referencesOf: ReferencesOf,
  partMax: number,
): readonly (readonly FoundResource[])[] {
  const isDefinition = (found: FoundResource): boolean => canonicalOf(parameters, found) !== undefined;
  const groups = [resources.filter(isDefinition), resources.filter((found) => !isDefinition(found))];
  return groups
    .flatMap((group) => chunks(group.length > partMax ? inReferenceOrder(group, referencesOf) : group, partMax))
    .map((part) => [...part].sort(byHearing));
}

function chunks<T>(list: readonly T[], size: number): readonly T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, n) => list.slice(n * size, (n + 1) * size));
}

/** What is referred to first. Circles are cut where they are met: only within one part can they be stored. */
function inReferenceOrder(group: readonly FoundResource[], referencesOf: ReferencesOf): readonly FoundResource[] {
  const byKey = new Map(group.map((found) => [`${found.resource.resourceType}/${found.resource.id}`, found]));
  const placed = new Set<FoundResource>();
  const order: FoundResource[] = [];
  for (const start of [...group].sort(byStart)) {
    const stack: { readonly found: FoundResource; readonly before: FoundResource[] }[] = [];
    const enter = (found: FoundResource): void => {
      if (!placed.has(found)) {
        placed.add(found);
        stack.push({ found, before: referencesOf(found).flatMap((key) => byKey.get(key) ?? []) });
      }
    };
    enter(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.before.pop();
      if (next === undefined) {
        order.push(top.found);
        stack.pop();
      } else {
        enter(next);
      }
    }
  }
  return order;
}

/** Courses first: an answer about a course that is stored later would not be heard. */
function byStart(left: FoundResource, right: FoundResource): number {
  const later = ({ resource }: FoundResource): number => Number(resource.resourceType !== 'EpisodeOfCare');
  return later(left) - later(right) || heard(left) - heard(right);
}

function byHearing(left: FoundResource, right: FoundResource): number {
  return heard(left) - heard(right);
}

function heard({ resource }: FoundResource): number {
  const told =
    resource.resourceType === 'QuestionnaireResponse'
      ? resource.authored
      : resource.resourceType === 'Consent'
        ? resource.dateTime
        : undefined;
  const time = Date.parse(told ?? '');
  return Number.isNaN(time) ? Number.MAX_SAFE_INTEGER : time;
}
