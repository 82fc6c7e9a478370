import { answerValue } from '../../../forms/answers.ts';
import type { FormItem } from '../../../forms/form.ts';
import type { Answers } from './draft.ts';
import type { ItemFacts } from './item-facts.ts';

/**
 * What counts of what a person has given to a question: nothing that says nothing; the last where one is asked for; and where
 * an option excludes all others, it or they, whichever came last.
 */
export function chosenAnswers(facts: ItemFacts, item: FormItem, before: Answers, given: Answers): Answers {
  const answers = given.filter(isTold).map(({ item: _, ...answer }) => answer);
  if (!item.repeats) return answers.slice(-1);
  const isExclusive = (answer: Answers[number]): boolean => {
    const { key } = facts.offer(answer);
    return facts.offers(item)?.some((offer) => offer.key === key && offer.exclusive) ?? false;
  };
  const had = new Set(before.map((answer) => facts.offer(answer).key));
  const added = answers.filter((answer) => !had.has(facts.offer(answer).key));
  const alone = added.findLast(isExclusive);
  if (alone !== undefined) return [alone];
  return added.length === 0 ? answers : answers.filter((answer) => !isExclusive(answer));
}

/** Whether an answer says anything: blanks do not. */
function isTold(answer: Answers[number]): boolean {
  const value = answerValue(answer)?.value;
  return typeof value === 'string' ? value.trim() !== '' : value !== undefined && value !== null;
}
