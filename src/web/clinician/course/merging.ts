import { deepEquals } from '@medplum/core';
import type {
  Extension,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
} from '@medplum/fhirtypes';
import { confirmationUrl } from '../../../forms/constraints/confirmation.ts';

/** Answers by where they stand: the linkIds on the way, with the occurrence where there are several. */
export type AnswersByPlace = ReadonlyMap<string, readonly object[]>;

type Answered = Pick<QuestionnaireResponse, 'item' | 'extension'>;

/** Whether a question is a person's to answer: what the form calculates is no change of anybody's. */
export type IsAsked = (linkId: string) => boolean;

const ALL: IsAsked = () => true;

function answersByPlace({ item, extension }: Answered, isAsked: IsAsked): AnswersByPlace {
  const found = new Map<string, readonly object[]>();
  keepConfirmed('', extension, found);
  collect(item ?? [], '', found, isAsked);
  return found;
}

function collect(
  items: readonly QuestionnaireResponseItem[],
  within: string,
  found: Map<string, readonly object[]>,
  isAsked: IsAsked,
): void {
  const seen = new Map<string, number>();
  for (const { linkId = '', answer, item = [], extension } of items) {
    const number = seen.get(linkId) ?? 0;
    seen.set(linkId, number + 1);
    const place = `${within}/${linkId}${number === 0 ? '' : `:${number}`}`;
    if (answer !== undefined && answer.length > 0 && isAsked(linkId)) found.set(place, answer.map(valueAlone));
    keepConfirmed(
      place,
      [extension, ...(answer ?? []).map((one) => one.extension)].flatMap((own) => own ?? []),
      found,
    );
    collect(item, place, found, isAsked);
    for (const { item: inner = [] } of answer ?? []) collect(inner, place, found, isAsked);
  }
}

/** That something unusual was confirmed is said beside the answer: two people may answer the same, and one confirms it. */
function keepConfirmed(
  place: string,
  extensions: readonly Extension[] | undefined,
  found: Map<string, readonly object[]>,
): void {
  const confirmed = (extensions ?? []).filter(({ url }) => url === confirmationUrl);
  if (confirmed.length > 0) found.set(`${place}${CONFIRMED}`, confirmed);
}

const CONFIRMED = ' confirmed';

/** An answer without what it holds inside, and a coding without how it is called: two people answer the same in two languages. */
function valueAlone({ item: _, id: __, extension: ___, ...value }: QuestionnaireResponseItemAnswer): object {
  if (value.valueReference?.reference !== undefined) return { valueReference: value.valueReference.reference };
  if (value.valueCoding === undefined) return value;
  const { system, code, display } = value.valueCoding;
  return { valueCoding: code === undefined ? { display } : { system, code } };
}

/** What two people did to one form at the same time. */
export interface Merge {
  /** linkIds that only the other has changed: their answers were taken over. */
  readonly taken: readonly string[];
  /** linkIds that both have answered, differently: one's own answers stand. */
  readonly contested: readonly string[];
}

/**
 * Compares question by question what somebody else has stored with what stands here, against what both began with.
 * @param base what was stored when both began @param mine as it stands here @param theirs as it is stored now
 */
export function merge(base: Answered, mine: Answered, theirs: Answered, isAsked: IsAsked = ALL): Merge {
  const [was, own, other] = [base, mine, theirs].map((one) => answersByPlace(one, isAsked)) as [
    AnswersByPlace,
    AnswersByPlace,
    AnswersByPlace,
  ];
  const taken = new Set<string>();
  const contested = new Set<string>();
  for (const place of new Set([...was.keys(), ...own.keys(), ...other.keys()])) {
    // whoever confirms, the answer is the same
    if (place.endsWith(CONFIRMED)) continue;
    const [before, here, there] = [was.get(place), own.get(place), other.get(place)];
    if (deepEquals(here, there) || deepEquals(before, there)) continue;
    (deepEquals(before, here) ? taken : contested).add(linkIdOf(place));
  }
  return { taken: [...taken], contested: [...contested] };
}

function linkIdOf(place: string): string {
  return place.slice(place.lastIndexOf('/') + 1).replace(/:\d+$/, '');
}

/** Whether all that is answered here is in what is stored. */
export function isKept(mine: Answered, stored: Answered, isAsked: IsAsked = ALL): boolean {
  const there = answersByPlace(stored, isAsked);
  return [...answersByPlace(mine, isAsked)].every(([place, answers]) => deepEquals(answers, there.get(place)));
}

/** Whether people have answered the same in two responses, and confirmed the same. */
export function sameAnswers(a: Answered, b: Answered, isAsked: IsAsked = ALL): boolean {
  return isKept(a, b, isAsked) && isKept(b, a, isAsked);
}
