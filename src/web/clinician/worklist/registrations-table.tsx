import { Anchor } from '@mantine/core';
import { memo, type ReactElement } from 'react';
import { Link } from 'react-router';
import { dayText } from '../day-text.ts';
import { NumberText } from '../number-text.tsx';
import { LOCALES } from '../words/language.ts';
import { wordOf } from '../words/words.ts';
import { useLanguage } from '../words/words-context.ts';
import { FormState } from './form-state.tsx';
import type { Registration } from './registration.ts';
import type { Sorting, SortKey } from './sorting.ts';
import { type ListWords, useListWords } from './words.ts';
import './worklist.css';

interface TableProps {
  readonly caption: string;
  readonly rows: readonly Registration[];
  readonly sorting: Sorting;
  readonly onSort: (sorting: Sorting) => void;
  /** Tasks that changed a moment ago. */
  readonly changed?: ReadonlySet<string>;
  /** What is printed, and not shown, by Task. */
  readonly comments?: ReadonlyMap<string, string>;
}

const COLUMNS: readonly (SortKey | 'forms')[] = [
  'patient',
  'forms',
  'consent',
  'membership',
  'ward',
  'location',
  'started',
  'type',
];

/** Courses as a table whose columns are sorted by the buttons in their heads. */
export function RegistrationsTable({ caption, rows, sorting, onSort, changed, comments }: TableProps): ReactElement {
  const words = useListWords();
  const locale = LOCALES[useLanguage()];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways is scrolled by keyboard, too
    <section className="registrations" aria-label={caption} tabIndex={0}>
      <table>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <Head key={column} column={column} sorting={sorting} onSort={onSort} words={words} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row
              key={row.id}
              row={row}
              words={words}
              isChanged={changed?.has(row.id) === true}
              comment={comments?.get(row.id)}
              locale={locale}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface HeadProps extends Pick<TableProps, 'sorting' | 'onSort'> {
  readonly column: SortKey | 'forms';
  readonly words: ListWords;
}

function Head({ column, sorting, onSort, words }: HeadProps): ReactElement {
  if (column === 'forms') return <th scope="col">{words.forms}</th>;
  const isSorted = sorting.key === column;
  const way = isSorted ? (sorting.descending ? 'descending' : 'ascending') : 'none';
  return (
    <th scope="col" aria-sort={way}>
      <button
        type="button"
        className="sort"
        onClick={() => onSort({ key: column, descending: isSorted && !sorting.descending })}
      >
        {words[column]}
        <span className="sort-arrow" aria-hidden="true">
          {isSorted ? (sorting.descending ? ' ▼' : ' ▲') : ' ↕'}
        </span>
      </button>
    </th>
  );
}

interface RowProps {
  readonly row: Registration;
  readonly words: ListWords;
  readonly isChanged: boolean;
  readonly comment: string | undefined;
  readonly locale: string;
}

const Row = memo(function Row({ row, words, isChanged, comment, locale }: RowProps): ReactElement {
  return (
    <tr className={isChanged ? 'is-changed' : undefined}>
      <th scope="row">
        <Anchor component={Link} to={`/course/${row.course}`} size="sm">
          {row.patient.name || row.course}
        </Anchor>
        <div className="under">{row.number === '' ? row.patient.birthDate : <NumberText number={row.number} />}</div>
      </th>
      <td>
        <div className="form-states">
          {row.forms.map((form) => (
            <FormState key={form.label} form={form} />
          ))}
        </div>
        {comment !== undefined && <div className="printed-comment">{comment}</div>}
      </td>
      <td>{wordOf(words.consents, row.consent) ?? (row.consent || '–')}</td>
      <td>
        {wordOf(words.memberships, row.membership) ?? row.membership}
        {row.membershipReason !== '' && <div className="under">{row.membershipReason}</div>}
      </td>
      <td>{row.ward || '–'}</td>
      <td>{row.location || '–'}</td>
      <td className="day">{dayText(row.started || undefined, locale) ?? '–'}</td>
      <td>{row.type || '–'}</td>
    </tr>
  );
});
