import { Button, Skeleton, Text, TextInput } from '@mantine/core';
import { useMedplum } from '@medplum/react';
import { type ReactElement, useState } from 'react';
import { Page } from '../frame/page.tsx';
import { Trouble } from '../problem/trouble.tsx';
import { useWho } from '../session/who-context.ts';
import { useLoaded } from '../use-loaded.ts';
import { LOCALES } from '../words/language.ts';
import { useLanguage, useWords } from '../words/words-context.ts';
import { ChoiceFilters } from '../worklist/choice-filters.tsx';
import { readRegistrations } from '../worklist/read-registrations.ts';
import { RegistrationsTable } from '../worklist/registrations-table.tsx';
import { filtered, NO_FILTER, type Sorting, sorted } from '../worklist/sorting.ts';
import { useListWords } from '../worklist/words.ts';

/** Courses of which all forms are locked (manual 1.8, "Innleverte registreringer"). */
export default function DeliveredPage(): ReactElement {
  const words = useWords();
  const list = useListWords();
  const language = useLanguage();
  const medplum = useMedplum();
  const { hospital } = useWho();
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [filter, setFilter] = useState(NO_FILTER);
  const [sorting, setSorting] = useState<Sorting>({ key: 'started', descending: true });
  const { value, problem, reload } = useLoaded(
    () => readRegistrations(medplum, { status: 'completed', ...(hospital && { owner: hospital.reference }) }),
    [medplum, hospital?.reference],
  );
  const all = value?.rows ?? [];
  const within = all.filter(({ started }) => (from === '' || started >= from) && (to === '' || started <= to));
  const rows = sorted(filtered(within, filter), sorting, LOCALES[language]);
  return (
    <Page
      title={words.menu.delivered}
      lead={value === undefined ? undefined : <span role="status">{list.count(rows.length, all.length)}</span>}
    >
      <search className="filters">
        <TextInput
          size="xs"
          w={260}
          label={list.filterText}
          value={filter.text}
          onChange={({ currentTarget }) => setFilter({ ...filter, text: currentTarget.value })}
        />
        <TextInput
          size="xs"
          type="date"
          label={list.from}
          value={from}
          onChange={({ currentTarget }) => setFrom(currentTarget.value)}
        />
        <TextInput
          size="xs"
          type="date"
          label={list.to}
          value={to}
          onChange={({ currentTarget }) => setTo(currentTarget.value)}
        />
        <ChoiceFilters all={all} filter={filter} onFilter={setFilter} />
        <Button
          size="xs"
          variant="default"
          onClick={() => {
            setFilter(NO_FILTER);
            setFrom('');
            setTo('');
          }}
        >
          {list.clear}
        </Button>
      </search>
      {problem !== undefined && <Trouble problem={problem} onRetry={reload} />}
      {value === undefined ? (
        problem === undefined && <Skeleton height={320} />
      ) : rows.length === 0 ? (
        <Text>{list.noneDelivered}</Text>
      ) : (
        <RegistrationsTable caption={words.menu.delivered} rows={rows} sorting={sorting} onSort={setSorting} />
      )}
      {value?.more === true && <Text>{list.more}</Text>}
    </Page>
  );
}
