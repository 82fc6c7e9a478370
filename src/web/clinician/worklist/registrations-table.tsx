import { memo, type ReactElement } from 'react';
import { dayText } from '../day-text.ts';
import { LineMenu, type LineMenuProps } from '../line-acts/line-menu.tsx';
import { LOCALES } from '../words/language.ts';
import { wordOf } from '../words/words.ts';
import { useLanguage } from '../words/words-context.ts';
import { FormState } from './form-state.tsx';
import { PatientCell } from './patient-cell.tsx';
import type { Registration } from './registration.ts';
import { SortHead } from './sort-head.tsx';
import type { Sorting, SortKey } from './sorting.ts';
import { type ListWords, useListWords } from './words.ts';
import './worklist.css';

interface TableProps extends Pick<LineMenuProps, 'actsOf' | 'onAct'> {
  readonly caption: string;
  readonly rows: readonly Registration[];
  readonly sorting: Sorting;
  readonly onSort: (sorting: Sorting) => void;
  /** Tasks that changed a moment ago. */
  readonly changed?: ReadonlySet<string>;
  /** What is printed, and not shown, by Task. */
  readonly comments: ReadonlyMap<string, string> | undefined;
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
export function RegistrationsTable(props: TableProps): ReactElement {
  const { caption, rows, sorting, onSort, changed, comments, actsOf, onAct } = props;
  const words = useListWords();
  const locale = LOCALES[useLanguage()];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways is scrolled by keyboard, too
    <section className="registrations" aria-label={caption} tabIndex={0}>
      <table>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {COLUMNS.map((column) =>
              column === 'forms' ? (
                <th key={column} scope="col">
                  {words.forms}
                </th>
              ) : (
                <SortHead key={column} column={column} text={words[column]} sorting={sorting} onSort={onSort} />
              ),
            )}
            <th scope="col" className="line-acts">
              <span className="visually-hidden">{words.acts.column}</span>
            </th>
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
              actsOf={actsOf}
              onAct={onAct}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface RowProps extends Pick<LineMenuProps, 'actsOf' | 'onAct'> {
  readonly row: Registration;
  readonly words: ListWords;
  readonly isChanged: boolean;
  readonly comment: string | undefined;
  readonly locale: string;
}

const Row = memo(function Row({ row, words, isChanged, comment, locale, actsOf, onAct }: RowProps): ReactElement {
  return (
    <tr className={isChanged ? 'is-changed' : undefined}>
      <PatientCell row={row} />
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
      <td className="line-acts">
        <LineMenu line={row} actsOf={actsOf} onAct={onAct} />
      </td>
    </tr>
  );
});
