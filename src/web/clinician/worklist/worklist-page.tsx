import { Button, Checkbox, Skeleton, Text, TextInput } from '@mantine/core';
import { useMedplum } from '@medplum/react';
import { type ReactElement, useDeferredValue, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useLive } from '../changes/use-live.ts';
import { Page } from '../frame/page.tsx';
import { Trouble } from '../problem/trouble.tsx';
import { useWho } from '../session/who-context.ts';
import { useLoaded } from '../use-loaded.ts';
import { LOCALES } from '../words/language.ts';
import { useLanguage, useWords } from '../words/words-context.ts';
import { ChoiceFilters, type ChoiceFiltersProps } from './choice-filters.tsx';
import { StateIcon } from './form-state.tsx';
import { readRegistrations } from './read-registrations.ts';
import { REGISTER, type Registration } from './registration.ts';
import { RegistrationsTable } from './registrations-table.tsx';
import { filtered, NO_FILTER, type Sorting, sorted } from './sorting.ts';
import { useListWords } from './words.ts';

const MARKED_MS = 6000;

/** The start page: every course that is being registered (manual 1.8, "Arbeidsliste"). */
export default function WorklistPage(): ReactElement {
  const words = useWords();
  const list = useListWords();
  const language = useLanguage();
  const medplum = useMedplum();
  const { hospital } = useWho();
  const owner = hospital === undefined ? '' : `&owner=${hospital.reference}`;
  const known = useRef(new Map<string, string>());
  const [changed, setChanged] = useState<readonly Registration[]>([]);
  const { value, problem, reload } = useLoaded(async () => {
    const found = await readRegistrations(medplum, {
      status: 'in-progress',
      ...(hospital && { owner: hospital.reference }),
    });
    const news =
      known.current.size === 0 ? [] : found.rows.filter(({ id, updated }) => known.current.get(id) !== updated);
    known.current = new Map(found.rows.map(({ id, updated }) => [id, updated]));
    if (news.length > 0) {
      setChanged(news);
      setTimeout(() => setChanged((now) => (now === news ? [] : now)), MARKED_MS);
    }
    return found;
  }, [medplum, hospital?.reference]);
  useLive(`Task?code=${REGISTER}${owner}`, reload);
  const [sorting, setSorting] = useState<Sorting>({ key: 'started', descending: true });
  const [filter, setFilter] = useState(NO_FILTER);
  const deferred = useDeferredValue(filter);
  const all = value?.rows ?? [];
  const rows = sorted(filtered(all, deferred), sorting, LOCALES[language]);
  const [comments, setComments] = useState<ReadonlyMap<string, string>>();
  const [printProblem, setPrintProblem] = useState<unknown>();
  const print = async () => {
    setPrintProblem(undefined);
    try {
      const { readPrintedComments } = await import('./read-printed-comments.ts');
      const read = await readPrintedComments(medplum, rows);
      // the browser prints what stands there at once
      flushSync(() => setComments(read));
      window.print();
    } catch (failed) {
      setPrintProblem(failed);
    }
  };
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
        {changed.map(({ patient }) => list.changed(patient.name)).join('. ')}
      </p>
      {problem !== undefined && <Trouble problem={problem} onRetry={reload} />}
      {printProblem !== undefined && <Trouble problem={printProblem} onRetry={print} />}
      {value === undefined ? (
        problem === undefined && <Skeleton height={320} />
      ) : (
        <>
          <Filters all={all} filter={filter} onFilter={setFilter} />
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
              changed={new Set(changed.map(({ id }) => id))}
            />
          )}
          {value.more && <Text>{list.more}</Text>}
        </>
      )}
    </Page>
  );
}

function Filters({ all, filter, onFilter }: ChoiceFiltersProps): ReactElement {
  const list = useListWords();
  return (
    <search className="filters">
      <TextInput
        size="xs"
        w={260}
        label={list.filterText}
        value={filter.text}
        onChange={({ currentTarget }) => onFilter({ ...filter, text: currentTarget.value })}
      />
      <ChoiceFilters all={all} filter={filter} onFilter={onFilter} />
      <Checkbox
        size="sm"
        label={list.missing}
        checked={filter.missing}
        onChange={({ currentTarget }) => onFilter({ ...filter, missing: currentTarget.checked })}
      />
      <Button size="xs" variant="default" onClick={() => onFilter(NO_FILTER)}>
        {list.clear}
      </Button>
    </search>
  );
}
