import { reminderAt } from './reminder-times.ts';

/** What somebody can do who does not answer now. */
export type Choice =
  | { readonly kind: 'later'; readonly name: 'tomorrow' | 'inThreeDays'; readonly at: string }
  | { readonly kind: 'end'; readonly name: 'unable' | 'declined' };

/** What is offered: no reminder when the order ends before. */
export function choicesOf(order: { now: string; until: string | undefined; timeZone: string }): readonly Choice[] {
  const later = (name: 'tomorrow' | 'inThreeDays', days: number): readonly Choice[] => {
    const at = reminderAt(days, order);
    return at === undefined ? [] : [{ kind: 'later', name, at }];
  };
  return [
    ...later('tomorrow', 1),
    ...later('inThreeDays', 3),
    { kind: 'end', name: 'unable' },
    { kind: 'end', name: 'declined' },
  ];
}
