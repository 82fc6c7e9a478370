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
export function sorted<R extends Registration>(rows: readonly R[], { key, descending }: Sorting, locale: string): R[] {
  return sortedBy(rows, (row) => (key === 'patient' ? row.patient.name : row[key]), descending, locale);
}

/** Sorted by a text or number of each row; '' is what is not known. */
export function sortedBy<R extends Registration>(
  rows: readonly R[],
  text: (row: R) => string,
  descending: boolean,
  locale: string,
): R[] {
  const { compare } = new Intl.Collator(locale, { numeric: true });
  return rows.toSorted((a, b) => {
    const [left, right] = [text(a), text(b)];
    if (left === '' || right === '') return Number(left === '') - Number(right === '');
    return (descending ? -1 : 1) * compare(left, right) || compare(a.course, b.course);
  });
}

/** The rows that meet every part of the filter, in their order. */
export function filtered<R extends Registration>(rows: readonly R[], filter: Filter): R[] {
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
