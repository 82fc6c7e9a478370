import { ageOf } from '../age.ts';
import type { Registration } from '../worklist/registration.ts';
import { type Filter, filtered, NO_FILTER } from '../worklist/sorting.ts';

/** What delivered courses are looked for by (manual 1.8, "Innleverte registreringer"). */
export interface DeliveredFilter extends Filter {
  /** Days, the first and the last on which a course began; '' for no limit. */
  readonly from: string;
  readonly to: string;
  /** Whole years, as typed: what is no number is no limit. */
  readonly ageFrom: string;
  readonly ageTo: string;
}

export const NO_DELIVERED_FILTER: DeliveredFilter = { ...NO_FILTER, from: '', to: '', ageFrom: '', ageTo: '' };

/**
 * The courses that meet every part of the filter, in their order. Ages are those of a day, as in the other lists; whose age is
 * not known is in no range of ages.
 */
export function filteredDelivered<R extends Registration>(
  rows: readonly R[],
  filter: DeliveredFilter,
  today: string,
): R[] {
  const { from, to } = filter;
  const [youngest, oldest] = [yearsIn(filter.ageFrom), yearsIn(filter.ageTo)];
  return filtered(rows, filter).filter(({ started, patient }) => {
    if ((from !== '' && started < from) || (to !== '' && (started === '' || started > to))) return false;
    if (youngest === undefined && oldest === undefined) return true;
    const age = patient.birthDate === '' ? undefined : ageOf(patient, today);
    return age !== undefined && age >= (youngest ?? 0) && age <= (oldest ?? Number.POSITIVE_INFINITY);
  });
}

function yearsIn(text: string): number | undefined {
  return /^\d{1,3}$/.test(text.trim()) ? Number(text) : undefined;
}
