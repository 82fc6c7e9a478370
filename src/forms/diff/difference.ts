import type { Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { recordsOf } from '../text/record.ts';
import { type Fact, factsOf, type Meaning } from './facts.ts';

/** What one version of a Questionnaire says otherwise than another. */
export interface Difference {
  /** Undefined for the form as a whole. */
  readonly linkId: string | undefined;
  readonly element: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly meaning: Meaning;
  readonly before: unknown;
  readonly after: unknown;
}

/**
 * Every difference between two versions of a Questionnaire, the older's items first, in the order of the form. Words that
 * take nothing from what was asked are presentation: a translation added, a placeholder replaced by the wording of that
 * language. A whole item that is added or removed is one difference.
 */
export function differences(before: Questionnaire, after: Questionnaire): Difference[] {
  const older = factsOf(before);
  const newer = factsOf(after);
  const placeholders = placeholderLanguages(before);
  const gains = ({ meaning, language = '' }: Fact, kind: Difference['kind']): boolean =>
    meaning === 'wording' && (kind === 'added' || placeholders.has(language));
  const found: Difference[] = [];
  const gone = new Set<string>();
  const differ = (kind: Difference['kind'], fact: Fact, other: Fact | undefined): void => {
    const { linkId, element } = fact;
    if (linkId !== undefined && element !== 'parent' && gone.has(linkId)) return;
    if (linkId !== undefined && element === 'parent' && kind !== 'changed') gone.add(linkId);
    const whole = element === 'parent' && kind !== 'changed';
    found.push({
      linkId,
      element: whole ? 'item' : element,
      kind,
      meaning: gains(fact, kind) ? 'presentation' : fact.meaning,
      before: kind === 'added' ? undefined : whole ? linkId : fact.value,
      after: kind === 'removed' ? undefined : whole ? linkId : (other ?? fact).value,
    });
  };
  for (const [key, fact] of older) {
    const other = newer.get(key);
    if (other === undefined) differ('removed', fact, undefined);
    else if (!same(fact.value, other.value)) differ('changed', fact, other);
  }
  for (const [key, fact] of newer) {
    if (!older.has(key)) differ('added', fact, undefined);
  }
  return [...found, ...moves(before.item ?? [], after.item ?? [], undefined)];
}

/** The differences by which an answer to the one version would not mean the same in the other. */
export function changesOfMeaning(before: Questionnaire, after: Questionnaire): Difference[] {
  return differences(before, after).filter((each) => each.meaning !== 'presentation');
}

/** The languages in which a form was shipped without its wording. */
function placeholderLanguages(questionnaire: Questionnaire): ReadonlySet<string> {
  const records = recordsOf(questionnaire).filter(({ kind }) => kind === 'placeholder');
  return new Set(records.map(({ language }) => language));
}

/** Items that stand in another order among their siblings: a response follows the order of its form. */
function moves(
  before: readonly QuestionnaireItem[],
  after: readonly QuestionnaireItem[],
  parent: string | undefined,
): Difference[] {
  const older = new Map(before.map((item) => [item.linkId, item]));
  const newer = new Map(after.map((item) => [item.linkId, item]));
  const order = (from: ReadonlyMap<string, unknown>, to: ReadonlyMap<string, unknown>): string[] =>
    [...from.keys()].filter((linkId) => to.has(linkId));
  const one = order(older, newer);
  const other = order(newer, older);
  const here: Difference[] = same(one, other)
    ? []
    : [{ linkId: parent, element: 'order', kind: 'changed', meaning: 'substance', before: one, after: other }];
  return [
    ...here,
    ...one.flatMap((linkId) => moves(older.get(linkId)?.item ?? [], newer.get(linkId)?.item ?? [], linkId)),
  ];
}

/** Equal as JSON, whatever the order of an object's members. */
function same(left: unknown, right: unknown): boolean {
  return canonical(left) === canonical(right);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
