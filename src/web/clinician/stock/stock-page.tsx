import schemas from 'virtual:stock-schemas';
import {
  DEFAULT_SEARCH_COUNT,
  indexSearchParameterBundle,
  indexStructureDefinitionBundle,
  type SearchRequest,
} from '@medplum/core';
import { QuestionnaireForm, ResourceHistoryTable, ResourceTable, SearchControl } from '@medplum/react';
import { type ReactElement, useState } from 'react';
import { Route, Routes, useNavigate, useParams } from 'react-router';
import { NotFound } from '../frame/no-page.tsx';
import { Page } from '../frame/page.tsx';

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
  const fields = COLUMNS[type];
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
  if (COLUMNS[type] === undefined) return <NotFound />;
  const reference = `${type}/${id}`;
  return (
    <Page title={reference} windowTitle={type}>
      {view === 'table' && <ResourceTable value={{ reference }} ignoreMissingValues />}
      {view === 'history' && <ResourceHistoryTable resourceType={type} id={id} />}
      {view === 'form' && <QuestionnaireForm questionnaire={{ reference }} disablePagination excludeButtons />}
    </Page>
  );
}
