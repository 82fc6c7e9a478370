import schemas from 'virtual:stock-schemas';
import {
  DEFAULT_SEARCH_COUNT,
  indexSearchParameterBundle,
  indexStructureDefinitionBundle,
  type SearchRequest,
} from '@medplum/core';
import { QuestionnaireForm, ResourceHistoryTable, ResourceTable, SearchControl, useMedplum } from '@medplum/react';
import { type ReactElement, useState } from 'react';
import { Route, Routes, useNavigate, useParams } from 'react-router';
import { NotFound } from '../frame/no-page.tsx';
import { Page } from '../frame/page.tsx';
import { NoRecord } from '../problem/no-record.tsx';
import { useLoaded } from '../use-loaded.ts';

// before any of the components is drawn: what core knows, it asks no server for
indexStructureDefinitionBundle(schemas.structures);
indexSearchParameterBundle(schemas.searchParameters);

/** What a list begins with. */
const COLUMNS: Readonly<Record<string, string[]>> = {
  Patient: ['id', 'name', 'birthDate'],
  Questionnaire: ['id', 'title', 'status'],
  QuestionnaireResponse: ['id', 'questionnaire', 'status', 'authored'],
  Task: ['id', 'status', 'focus', 'for'],
};

/**
 * Components of @medplum/react as they come, English words and all: proof that they run against this server. In no menu;
 * whoever may read what they show reaches them by address: `stock/Patient`, `stock/Patient/<id>`,
 * `stock/Patient/<id>/history` and `stock/Questionnaire/<id>/form`.
 */
export default function StockPage(): ReactElement {
  return (
    <Routes>
      <Route path=":type" element={<List />} />
      <Route path=":type/:id" element={<One view="table" />} />
      <Route path=":type/:id/history" element={<One view="history" />} />
      <Route path="Questionnaire/:id/form" element={<One view="form" />} />
      <Route path="*" element={<NotFound />} />
    </Routes>
  );
}

function List(): ReactElement {
  const { type = '' } = useParams();
  const fields = columnsOf(type);
  return fields === undefined ? <NotFound /> : <Found key={type} type={type} fields={fields} />;
}

function Found({ type, fields }: { readonly type: string; readonly fields: string[] }): ReactElement {
  const navigate = useNavigate();
  const [search, setSearch] = useState<SearchRequest>({
    resourceType: type as SearchRequest['resourceType'],
    fields,
    count: DEFAULT_SEARCH_COUNT,
  });
  return (
    <Page title={type}>
      <SearchControl
        search={search}
        onChange={({ definition }) => setSearch(definition)}
        onClick={({ resource }) => navigate(`/stock/${type}/${resource.id}`)}
      />
    </Page>
  );
}

function One({ view }: { readonly view: 'table' | 'history' | 'form' }): ReactElement {
  const { type = 'Questionnaire', id = '' } = useParams();
  return columnsOf(type) === undefined ? <NotFound /> : <Stored key={`${type}/${id}`} {...{ view, type, id }} />;
}

function columnsOf(type: string): string[] | undefined {
  return Object.hasOwn(COLUMNS, type) ? COLUMNS[type] : undefined;
}

interface StoredProps {
  readonly view: 'table' | 'history' | 'form';
  readonly type: string;
  readonly id: string;
}

/** The components themselves show nothing at all of what is not there, so that is asked first. */
function Stored({ view, type, id }: StoredProps): ReactElement {
  const medplum = useMedplum();
  const reference = `${type}/${id}`;
  const loaded = useLoaded(() => medplum.readReference({ reference }), [medplum, reference]);
  if (loaded.value === undefined) return <NoRecord title={type} loaded={loaded} />;
  return (
    <Page title={reference} windowTitle={type}>
      {view === 'table' && <ResourceTable value={{ reference }} ignoreMissingValues />}
      {view === 'history' && <ResourceHistoryTable resourceType={type} id={id} />}
      {view === 'form' && <QuestionnaireForm questionnaire={{ reference }} disablePagination excludeButtons />}
    </Page>
  );
}
