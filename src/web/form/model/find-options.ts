import type { Reference, Resource } from '@medplum/fhirtypes';
import { textMember } from '../../../forms/answers.ts';
import type { FormState } from '../../../forms/expressions/form-state.ts';
import type { Place } from '../../../forms/place.ts';
import type { FormSource, ItemView, OptionView } from '../contract.ts';
import { LISTED_MAX } from './control.ts';
import type { ItemFacts, Offer } from './item-facts.ts';

/** The options of a question that match a text: its own, or those of a list that is elsewhere, which the app asks. */
export async function findOptions(
  view: ItemView,
  place: Place,
  text: string,
  state: FormState,
  facts: ItemFacts,
  { expand, findResources }: FormSource,
): Promise<readonly OptionView[]> {
  const { item } = view;
  const selected = new Set(view.answers.map((answer) => facts.offer(answer).key));
  const offered = (offers: readonly Offer[]): readonly OptionView[] =>
    offers.map((offer) => ({ ...offer, selected: selected.has(offer.key) }));
  const wanted = text.trim().toLowerCase();
  const matching = (offers: readonly Offer[]): readonly OptionView[] =>
    offered(offers.filter((offer) => offer.text.toLowerCase().includes(wanted)));
  const { candidates, answers, elements } = item.expressions;
  if (candidates !== undefined || answers !== undefined) return matching(view.options);
  if (item.type === 'reference') {
    const found = (await findResources?.(item, text)) ?? [];
    return offered(found.map((resource) => facts.offer({ valueReference: referenceTo(resource) })));
  }
  const listed = facts.offers(item);
  // a short list is known as a whole; of a long one only the beginning may have come
  if (listed !== undefined && listed.length <= LISTED_MAX) return matching(listed);
  const named = elements.get('answerValueSet');
  const made = named && state.evaluate(named, place.inside(item, place.occurrencesOf(item.linkId)[0]))[0]?.value;
  const valueSet = named === undefined ? item.valueSet : typeof made === 'string' ? made : undefined;
  if (valueSet === undefined) return matching(listed ?? []);
  const found = (await expand?.(valueSet, text)) ?? [];
  return offered(found.map((coding) => facts.offer({ valueCoding: coding })));
}

function referenceTo(resource: Resource): Reference {
  const name = textMember(resource, 'name');
  return { reference: `${resource.resourceType}/${resource.id ?? ''}`, ...(name !== undefined && { display: name }) };
}
