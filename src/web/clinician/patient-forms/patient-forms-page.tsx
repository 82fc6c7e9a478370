import { Button, NativeSelect, Skeleton, Text } from '@mantine/core';
import { useMedplum } from '@medplum/react';
import { type ReactElement, useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useLive } from '../changes/use-live.ts';
import { useCourseWords } from '../course/words.ts';
import { Page } from '../frame/page.tsx';
import { useLineActs } from '../line-acts/use-line-acts.tsx';
import { Trouble } from '../problem/trouble.tsx';
import { readRegistries } from '../registries.ts';
import { useWho } from '../session/who-context.ts';
import { useLoaded } from '../use-loaded.ts';
import { LOCALES } from '../words/language.ts';
import { useLanguage, useWords } from '../words/words-context.ts';
import { useKeptRows } from '../worklist/kept-rows.ts';
import { ListFilters } from '../worklist/list-filters.tsx';
import { REGISTER } from '../worklist/registration.ts';
import { NO_FILTER } from '../worklist/sorting.ts';
import { useNews } from '../worklist/use-news.ts';
import { useListWords } from '../worklist/words.ts';
import {
  columnsOf,
  filteredLines,
  type LineSorting,
  type OrderLine,
  orderLines,
  showsTheSame,
  sortedLines,
  statesOf,
} from './order-lines.ts';
import { OrdersTable } from './orders-table.tsx';
import { ORDERS, readOrders } from './read-orders.ts';

/** Several changes of one commit are read together. */
const TOGETHER_MS = 200;
const NO_LINE_FILTER = { ...NO_FILTER, state: '' };

/** How the patients' forms stand in all courses (manual 1.8, "Pasientregistreringer"). */
export default function PatientFormsPage(): ReactElement {
  const words = useWords();
  const list = useListWords();
  const course = useCourseWords();
  const language = useLanguage();
  const medplum = useMedplum();
  const { hospital } = useWho();
  const { news, note } = useNews<OrderLine>();
  const { value, problem, reload } = useLoaded(async () => {
    const [registries, found] = await Promise.all([readRegistries(medplum), readOrders(medplum, hospital?.reference)]);
    note(orderLines(found.rows, found.orders, columnsOf(registries, language)));
    return { registries, ...found };
  }, [medplum, hospital?.reference]);
  const soon = useSoon(reload);
  useLive(ORDERS, soon);
  useLive(`Task?code=${REGISTER}${hospital === undefined ? '' : `&owner=${hospital.reference}`}`, soon);
  const { questions, ...acts } = useLineActs('patient-forms', soon);
  const [sorting, setSorting] = useState<LineSorting>({ key: 'started', descending: true });
  const [filter, setFilter] = useState(NO_LINE_FILTER);
  const deferred = useDeferredValue(filter);
  const registries = value?.registries;
  const columns = useMemo(() => columnsOf(registries ?? [], language), [registries, language]);
  const all = useKeptRows(
    useMemo(() => orderLines(value?.rows ?? [], value?.orders ?? [], columns), [value, columns]),
    showsTheSame,
  );
  const lines = sortedLines(filteredLines(all, deferred), sorting, LOCALES[language]);
  return (
    <Page
      title={words.menu.patientForms}
      lead={value === undefined ? undefined : <span role="status">{list.count(lines.length, all.length)}</span>}
      actions={
        <Button variant="default" size="xs" onClick={() => window.print()}>
          {list.print}
        </Button>
      }
    >
      <p className="visually-hidden" aria-live="polite">
        {news.map(({ patient }) => list.changed(patient.name)).join('. ')}
      </p>
      {questions}
      {problem !== undefined && <Trouble problem={problem} onRetry={reload} />}
      {value === undefined ? (
        problem === undefined && <Skeleton height={320} />
      ) : (
        <>
          <ListFilters all={all} filter={filter} onFilter={setFilter} onClear={() => setFilter(NO_LINE_FILTER)}>
            <NativeSelect
              size="xs"
              label={list.orderState}
              value={filter.state}
              onChange={({ currentTarget }) => setFilter({ ...filter, state: currentTarget.value })}
              data={[
                { value: '', label: list.all },
                ...statesOf(all).map((state) => ({ value: state, label: course.orderState[state] })),
              ]}
            />
          </ListFilters>
          {lines.length === 0 ? (
            <Text>{all.length === 0 ? list.noPatientForms : list.noMatch}</Text>
          ) : (
            <OrdersTable
              caption={words.menu.patientForms}
              lines={lines}
              columns={columns}
              sorting={sorting}
              onSort={setSorting}
              changed={new Set(news.map(({ id }) => id))}
              {...acts}
            />
          )}
          {value.more && <Text>{list.more}</Text>}
        </>
      )}
    </Page>
  );
}

/** Calls once for all that is told within a moment. */
function useSoon(act: () => void): () => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(act, TOGETHER_MS);
  }, [act]);
}
