import { Button, Checkbox, Skeleton, Text } from '@mantine/core';
import { useMedplum } from '@medplum/react';
import { type ReactElement, useDeferredValue, useState } from 'react';
import { useLive } from '../changes/use-live.ts';
import { Page } from '../frame/page.tsx';
import { useLineActs } from '../line-acts/use-line-acts.tsx';
import { Trouble } from '../problem/trouble.tsx';
import { useWho } from '../session/who-context.ts';
import { useLoaded } from '../use-loaded.ts';
import { LOCALES } from '../words/language.ts';
import { useLanguage, useWords } from '../words/words-context.ts';
import { StateIcon } from './form-state.tsx';
import { useKeptRows } from './kept-rows.ts';
import { ListFilters } from './list-filters.tsx';
import { readRegistrations } from './read-registrations.ts';
import { REGISTER, type Registration } from './registration.ts';
import { RegistrationsTable } from './registrations-table.tsx';
import { filtered, NO_FILTER, type Sorting, sorted } from './sorting.ts';
import { useNews } from './use-news.ts';
import { usePrinting } from './use-printing.ts';
import { useListWords } from './words.ts';

const NONE: readonly Registration[] = [];

/** The start page: every course that is being registered (manual 1.8, "Arbeidsliste"). */
export default function WorklistPage(): ReactElement {
  const words = useWords();
  const list = useListWords();
  const language = useLanguage();
  const medplum = useMedplum();
  const { hospital } = useWho();
  const owner = hospital === undefined ? '' : `&owner=${hospital.reference}`;
  const { news, note } = useNews<Registration>();
  const { value, problem, reload } = useLoaded(async () => {
    const found = await readRegistrations(medplum, {
      status: 'in-progress',
      ...(hospital && { owner: hospital.reference }),
    });
    note(found.rows);
    return found;
  }, [medplum, hospital?.reference]);
  useLive(`Task?code=${REGISTER}${owner}`, reload);
  const { questions, ...acts } = useLineActs('worklist', reload);
  const [sorting, setSorting] = useState<Sorting>({ key: 'started', descending: true });
  const [filter, setFilter] = useState(NO_FILTER);
  const deferred = useDeferredValue(filter);
  const all = useKeptRows(value?.rows ?? NONE);
  const rows = sorted(filtered(all, deferred), sorting, LOCALES[language]);
  const { comments, problem: printProblem, print } = usePrinting(rows);
  return (
    <Page
      title={words.menu.worklist}
      lead={value === undefined ? undefined : <span role="status">{list.count(rows.length, all.length)}</span>}
      actions={
        <Button variant="default" size="xs" onClick={print}>
          {list.print}
        </Button>
      }
    >
      <p className="visually-hidden" aria-live="polite">
        {news.map(({ patient }) => list.changed(patient.name)).join('. ')}
      </p>
      {questions}
      {problem !== undefined && <Trouble problem={problem} onRetry={reload} />}
      {printProblem !== undefined && <Trouble problem={printProblem} onRetry={print} />}
      {value === undefined ? (
        problem === undefined && <Skeleton height={320} />
      ) : (
        <>
          <ListFilters all={all} filter={filter} onFilter={setFilter} onClear={() => setFilter(NO_FILTER)}>
            <Checkbox
              size="sm"
              label={list.missing}
              checked={filter.missing}
              onChange={({ currentTarget }) => setFilter({ ...filter, missing: currentTarget.checked })}
            />
          </ListFilters>
          <ul className="legend" aria-label={list.legend}>
            {Object.entries(list.states).map(([state, text]) => (
              <li key={state}>
                <StateIcon state={state} />
                {text}
              </li>
            ))}
          </ul>
          {rows.length === 0 ? (
            <Text>{all.length === 0 ? list.empty : list.noMatch}</Text>
          ) : (
            <RegistrationsTable
              caption={words.menu.worklist}
              rows={rows}
              sorting={sorting}
              onSort={setSorting}
              comments={comments}
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
