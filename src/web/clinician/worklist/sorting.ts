import type { Registration } from './registration.ts';

export type SortKey = 'patient' | 'started' | 'location' | 'ward' | 'type' | 'consent' | 'membership';
export interface Sorting {
  readonly key: SortKey;
  readonly descending: boolean;
}

export interface Filter {
  /** In the patient's name, number or id, or the id of the course. */
  readonly text: string;
  readonly ward: string;
  readonly location: string;
  readonly consent: string;
  /** Only courses of which an open form is still empty. */
  readonly missing: boolean;
}

export const NO_FILTER: Filter = { text: '', ward: '', location: '', consent: '', missing: false };

/** Sorted as the language sorts (æ, ø, å last in Norwegian); what is not known comes last either way. */
export function sorted(rows: readonly Registration[], { key, descending }: Sorting, locale: string): Registration[] {
  const { compare } = new Intl.Collator(locale, { numeric: true });
  const text = (row: Registration): string => (key === 'patient' ? row.patient.name : row[key]);
  return rows.toSorted((a, b) => {
    const [left, right] = [text(a), text(b)];
    if (left === '' || right === '') return Number(left === '') - Number(right === '');
    return (descending ? -1 : 1) * compare(left, right) || compare(a.course, b.course);
  });
}

/** The rows that meet every part of the filter, in their order. */
export function filtered(rows: readonly Registration[], filter: Filter): Registration[] {
  const wanted = filter.text.trim().toLocaleLowerCase();
  return rows.filter(
    (row) =>
      (wanted === '' ||
        [row.patient.name, row.number, row.patient.id, row.course].some((text) =>
          text.toLocaleLowerCase().includes(wanted),
        )) &&
      (filter.ward === '' || row.ward === filter.ward) &&
      (filter.location === '' || row.location === filter.location) &&
      (filter.consent === '' || row.consent === filter.consent) &&
      (!filter.missing || row.forms.some(({ state }) => state === 'empty')),
  );
}
