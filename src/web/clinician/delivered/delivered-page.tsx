import { Button, Skeleton, Text, TextInput } from '@mantine/core';
import { useMedplum } from '@medplum/react';
import { type ReactElement, useDeferredValue, useState } from 'react';
import { dayHere } from '../age.ts';
import { DayField } from '../day-field.tsx';
import { Page } from '../frame/page.tsx';
import { useLineActs } from '../line-acts/use-line-acts.tsx';
import { Trouble } from '../problem/trouble.tsx';
import { useWho } from '../session/who-context.ts';
import { useLoaded } from '../use-loaded.ts';
import { LOCALES } from '../words/language.ts';
import { useLanguage, useWords } from '../words/words-context.ts';
import { ListFilters } from '../worklist/list-filters.tsx';
import { readRegistrations } from '../worklist/read-registrations.ts';
import { RegistrationsTable } from '../worklist/registrations-table.tsx';
import { type Sorting, sorted } from '../worklist/sorting.ts';
import { usePrinting } from '../worklist/use-printing.ts';
import { useListWords } from '../worklist/words.ts';
import { filteredDelivered, NO_DELIVERED_FILTER } from './delivered-filter.ts';

/** Courses of which all forms are locked (manual 1.8, "Innleverte registreringer"). */
export default function DeliveredPage(): ReactElement {
  const words = useWords();
  const list = useListWords();
  const language = useLanguage();
  const medplum = useMedplum();
  const { hospital } = useWho();
  const [filter, setFilter] = useState(NO_DELIVERED_FILTER);
  const [cleared, setCleared] = useState(0);
  const deferred = useDeferredValue(filter);
  const [sorting, setSorting] = useState<Sorting>({ key: 'started', descending: true });
  const { value, problem, reload } = useLoaded(
    () => readRegistrations(medplum, { status: 'completed', ...(hospital && { owner: hospital.reference }) }),
    [medplum, hospital?.reference],
  );
  const { questions, ...acts } = useLineActs('delivered', reload);
  const all = value?.rows ?? [];
  const rows = sorted(filteredDelivered(all, deferred, dayHere(new Date())), sorting, LOCALES[language]);
  const { comments, problem: printProblem, print } = usePrinting(rows);
  const clear = (): void => {
    setFilter(NO_DELIVERED_FILTER);
    setCleared(cleared + 1);
  };
  return (
    <Page
      title={words.menu.delivered}
      lead={value === undefined ? undefined : <span role="status">{list.count(rows.length, all.length)}</span>}
      actions={
        <Button variant="default" size="xs" onClick={print}>
          {list.print}
        </Button>
      }
    >
      {questions}
      <ListFilters all={all} filter={filter} onFilter={setFilter} onClear={clear}>
        {(['from', 'to'] as const).map((key) => (
          <DayField
            key={`${key} ${cleared}`}
            size="xs"
            label={list[key]}
            value={filter[key]}
            onDay={(day) => setFilter((now) => ({ ...now, [key]: day }))}
          />
        ))}
        {(['ageFrom', 'ageTo'] as const).map((key) => (
          <TextInput
            key={key}
            size="xs"
            w={84}
            label={list[key]}
            inputMode="numeric"
            maxLength={3}
            autoComplete="off"
            value={filter[key]}
            onChange={({ currentTarget: { value: years } }) => setFilter((now) => ({ ...now, [key]: years }))}
          />
        ))}
      </ListFilters>
      {problem !== undefined && <Trouble problem={problem} onRetry={reload} />}
      {printProblem !== undefined && <Trouble problem={printProblem} onRetry={print} />}
      {value === undefined ? (
        problem === undefined && <Skeleton height={320} />
      ) : rows.length === 0 ? (
        <Text>{list.noneDelivered}</Text>
      ) : (
        <RegistrationsTable
          caption={words.menu.delivered}
          rows={rows}
          sorting={sorting}
          onSort={setSorting}
          comments={comments}
          {...acts}
        />
      )}
      {value?.more === true && <Text>{list.more}</Text>}
    </Page>
  );
}
