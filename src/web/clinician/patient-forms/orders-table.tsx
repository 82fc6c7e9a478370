import { memo, type ReactElement } from 'react';
import { Link } from 'react-router';
import { OrderMark } from '../course/state-mark.tsx';
import { dayText } from '../day-text.ts';
import { LineMenu, type LineMenuProps } from '../line-acts/line-menu.tsx';
import { LOCALES } from '../words/language.ts';
import { wordOf } from '../words/words.ts';
import { useLanguage } from '../words/words-context.ts';
import { PatientCell } from '../worklist/patient-cell.tsx';
import { SortHead } from '../worklist/sort-head.tsx';
import { type ListWords, useListWords } from '../worklist/words.ts';
import type { FormColumn, LineSorting, OrderLine, OrderStanding } from './order-lines.ts';
import '../course/course.css';
import '../worklist/worklist.css';

interface TableProps extends Pick<LineMenuProps, 'actsOf' | 'onAct'> {
  readonly caption: string;
  readonly lines: readonly OrderLine[];
  readonly columns: readonly FormColumn[];
  readonly sorting: LineSorting;
  readonly onSort: (sorting: LineSorting) => void;
  /** Tasks that changed a moment ago. */
  readonly changed: ReadonlySet<string>;
}

/** Courses with the forms that their patients get, a column a form. */
export function OrdersTable(props: TableProps): ReactElement {
  const { caption, lines, columns, sorting, onSort, changed, actsOf, onAct } = props;
  const words = useListWords();
  const locale = LOCALES[useLanguage()];
  const head = (column: LineSorting['key'], text: string) => (
    <SortHead key={column} column={column} text={text} sorting={sorting} onSort={onSort} />
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways is scrolled by keyboard, too
    <section className="registrations" aria-label={caption} tabIndex={0}>
      <table>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {head('patient', words.patient)}
            {columns.map(({ id, title }) => head(id, title))}
            {(['consent', 'ward', 'started'] as const).map((key) => head(key, words[key]))}
            <th scope="col" className="line-acts">
              <span className="visually-hidden">{words.acts.column}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <Row
              key={line.id}
              line={line}
              columns={columns}
              words={words}
              isChanged={changed.has(line.id)}
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
  readonly line: OrderLine;
  readonly columns: readonly FormColumn[];
  readonly words: ListWords;
  readonly isChanged: boolean;
  readonly locale: string;
}

const Row = memo(function Row({ line, columns, words, isChanged, locale, actsOf, onAct }: RowProps): ReactElement {
  return (
    <tr className={isChanged ? 'is-changed' : undefined}>
      <PatientCell row={line} />
      {columns.map(({ id }) => (
        <td key={id}>
          <OrderCell course={line.course} order={line.orders.find(({ column }) => column.id === id)} />
        </td>
      ))}
      <td>{wordOf(words.consents, line.consent) ?? (line.consent || '–')}</td>
      <td>{line.ward || '–'}</td>
      <td className="day">{dayText(line.started || undefined, locale) ?? '–'}</td>
      <td className="line-acts">
        <LineMenu line={line} actsOf={actsOf} onAct={onAct} />
      </td>
    </tr>
  );
});

interface OrderCellProps {
  readonly course: string;
  readonly order: OrderStanding | undefined;
}

/** How a form stands, and the way to it. */
function OrderCell({ course, order }: OrderCellProps): ReactElement {
  if (order === undefined) return <>–</>;
  const { column, state, why } = order;
  // of what cannot be sent yet it is said why, and nothing else: a line of four such forms would be a page
  const isWithheld = state === 'withheld';
  return (
    <>
      <Link to={`/course/${course}/form/${column.label}`} className="order-link">
        <span className="visually-hidden">{column.title}: </span>
        <OrderMark state={state} text={isWithheld ? why : undefined} />
      </Link>
      {why !== undefined && !isWithheld && <div className="under">{why}</div>}
    </>
  );
}
