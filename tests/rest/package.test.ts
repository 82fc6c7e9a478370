import type {
  Bundle,
  CodeSystem,
  Library,
  OperationOutcome,
  Questionnaire,
  Resource,
  ValueSet,
} from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';

const base = 'https://svar.example.org/fhir/';
const sdc = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';
const form = (name: string, more: Partial<Questionnaire>): Questionnaire => ({
  resourceType: 'Questionnaire',
  id: `pkg-${name}`,
  url: `${base}Questionnaire/pkg-${name}`,
  version: '1.0.0',
  status: 'active',
  ...more,
});
const codes: CodeSystem = {
  resourceType: 'CodeSystem',
  id: 'pkg-codes',
  url: `${base}CodeSystem/pkg-codes`,
  status: 'active',
  content: 'complete',
  concept: [{ code: 'a', display: 'A' }],
};
const set = (name: string, include: NonNullable<ValueSet['compose']>['include']): ValueSet => ({
  resourceType: 'ValueSet',
  id: `pkg-${name}`,
  url: `${base}ValueSet/pkg-${name}`,
  version: '2',
  status: 'active',
  compose: { include },
});
const outer = set('outer', [{ valueSet: [`${base}ValueSet/pkg-inner|2`] }]);
const inner = set('inner', [{ system: codes.url ?? '' }, { system: 'http://loinc.org', concept: [{ code: '1-8' }] }]);
const library: Library = {
  resourceType: 'Library',
  id: 'pkg-scores',
  url: `${base}Library/pkg-scores`,
  version: '1.0.0',
  status: 'active',
  type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/library-type', code: 'logic-library' }] },
  relatedArtifact: [
    { type: 'depends-on', resource: `${base}Questionnaire/pkg-root` },
    { type: 'depends-on', resource: `${base}Library/pkg-table` },
    { type: 'citation', citation: 'A book.', url: 'https://example.org/book' },
  ],
};
const { relatedArtifact: _, ...plain } = library;
const table: Library = { ...plain, id: 'pkg-table', url: `${base}Library/pkg-table` };
const module = form('module', {
  extension: [{ url: `${sdc}assemble-expectation`, valueCode: 'assemble-child' }],
  item: [{ linkId: 'm', type: 'choice', answerValueSet: `${outer.url}` }],
});
const root = form('root', {
  extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/cqf-library', valueCanonical: `${library.url}` }],
  item: [
    {
      linkId: '1',
      type: 'display',
      extension: [{ url: `${sdc}subQuestionnaire`, valueCanonical: `${module.url}|1.0.0` }],
    },
    { linkId: '2', type: 'choice', answerValueSet: 'http://hl7.org/fhir/ValueSet/administrative-gender' },
  ],
});

const servers: TestServer[] = [];
let client: Rest;

async function started(packages: boolean): Promise<Rest> {
  const server = await testServer({ testClock: '2026-03-02T08:00:00Z', packages });
  servers.push(server);
  return rest(server.base);
}

beforeAll(async () => {
  client = await started(false);
  for (const resource of [codes, inner, outer, table, library, module, root]) {
    expect(await client.put(`${resource.resourceType}/${resource.id}`, resource)).toMatchObject({ status: 201 });
  }
});
afterAll(() => Promise.all(servers.map((server) => server.close())));

const names = (bundle: Bundle): string[] =>
  (bundle.entry ?? []).map(({ resource }) => `${resource?.resourceType}/${resource?.id}`);

describe('$package', () => {
  test('holds the form with all that it depends on, and what that depends on, each once', async () => {
    const { status, body } = await client.get<Bundle>('Questionnaire/pkg-root/$package');
    expect(status).toBe(200);
    expect(names(body)).toEqual([
      'Questionnaire/pkg-root',
      'Library/pkg-scores',
      'Questionnaire/pkg-module',
      'Library/pkg-table',
      'ValueSet/pkg-outer',
      'ValueSet/pkg-inner',
      'CodeSystem/pkg-codes',
    ]);
    expect(body.type).toBe('transaction');
  });

  test('can be sent to another server, again and again, which then has the same', async () => {
    const { body } = await client.get<Bundle>('Questionnaire/pkg-root/$package');
    const other = await started(false);
    expect((await other.post('', body)).status).toBe(200);
    expect((await other.post('', body)).status).toBe(200);
    const found = await other.search<Questionnaire>(`Questionnaire?url=${encodeURIComponent(root.url ?? '')}`);
    expect(found).toHaveLength(1);
    expect(found[0]?.item).toEqual(root.item);
    const again = await other.get<Bundle>(`Questionnaire/${found[0]?.id}/$package`);
    expect(again.body.entry).toHaveLength(7);
  });

  test('says what is missing, and is then no transaction', async () => {
    const lacking = form('lacking', {
      extension: [
        { url: 'http://hl7.org/fhir/StructureDefinition/cqf-library', valueCanonical: `${base}Library/nowhere` },
      ],
      item: [{ linkId: '1', type: 'string' }],
    });
    const { body } = await client.post<Bundle>('Questionnaire/$package', lacking);
    expect(body.type).toBe('collection');
    expect(body.entry?.some(({ request }) => request !== undefined)).toBe(false);
    const outcome = body.entry?.at(-1)?.resource as OperationOutcome;
    expect(outcome.issue).toMatchObject([
      { severity: 'warning', code: 'not-found', diagnostics: expect.stringContaining(`${base}Library/nowhere`) },
    ]);
  });

  test('nothing is missing from any form of the product', async () => {
    const product = await started(true);
    const forms = await product.search<Resource>('Questionnaire?_count=200&_elements=url');
    expect(forms.length).toBeGreaterThan(20);
    const missing: string[] = [];
    for (const { id } of forms) {
      const { body } = await product.get<Bundle>(`Questionnaire/${id}/$package`);
      const told = (body.entry ?? []).flatMap(({ resource }) =>
        resource?.resourceType === 'OperationOutcome' ? (resource.issue ?? []) : [],
      );
      missing.push(...told.map(({ diagnostics }) => `${id}: ${diagnostics}`));
    }
    expect(missing).toEqual([]);
  });
});
