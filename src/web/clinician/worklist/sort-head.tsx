import type { ReactElement } from 'react';
import { SortSign } from '../signs.tsx';

interface SortHeadProps<K extends string> {
  readonly column: K;
  readonly text: string;
  readonly sorting: { readonly key: K; readonly descending: boolean };
  readonly onSort: (sorting: { readonly key: K; readonly descending: boolean }) => void;
}

/** The head of a column that sorts the list: upwards first, then downwards. */
export function SortHead<K extends string>({ column, text, sorting, onSort }: SortHeadProps<K>): ReactElement {
  const isSorted = sorting.key === column;
  const way = isSorted ? (sorting.descending ? 'descending' : 'ascending') : 'none';
  return (
    <th scope="col" aria-sort={way}>
      <button
        type="button"
        className="sort"
        onClick={() => onSort({ key: column, descending: isSorted && !sorting.descending })}
      >
        {text}
        <span className="sort-arrow">
          <SortSign way={way} />
        </span>
      </button>
    </th>
  );
}
