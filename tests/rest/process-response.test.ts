import type {
  Bundle,
  Observation,
  OperationOutcome,
  Parameters,
  Questionnaire,
  QuestionnaireResponse,
} from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';

const sdc = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';
const url = 'https://svar.example.org/fhir/Questionnaire/test-process';
const form: Questionnaire = {
  resourceType: 'Questionnaire',
  id: 'process',
  url,
  version: '1.0.0',
  status: 'active',
  extension: [{ url: `${sdc}observationExtract`, valueBoolean: true }],
  item: [
    {
      linkId: 'pain',
      type: 'integer',
      required: true,
      code: [{ system: 'http://loinc.org', code: '72514-3', display: 'Pain severity' }],
    },
  ],
};
const { extension: _, ...silent } = form;
const other: Questionnaire = { ...silent, id: 'process-other', url: `${url}-other` };
const response = (more: Partial<QuestionnaireResponse> = {}): QuestionnaireResponse => ({
  resourceType: 'QuestionnaireResponse',
  questionnaire: `${url}|1.0.0`,
  status: 'completed',
  subject: { reference: 'Patient/p' },
  authored: '2026-03-02T08:00:00Z',
  item: [{ linkId: 'pain', answer: [{ valueInteger: 4 }] }],
  ...more,
});

const map: Questionnaire = {
  ...silent,
  id: 'process-map',
  url: `${url}-map`,
  extension: [{ url: `${sdc}targetStructureMap`, valueCanonical: 'https://svar.example.org/fhir/StructureMap/none' }],
};

let server: TestServer;
let client: Rest;

beforeAll(async () => {
  server = await testServer({ testClock: '2026-03-02T08:00:00Z', packages: false });
  client = rest(server.base);
  for (const resource of [form, other, map, { resourceType: 'Patient', id: 'p' } as const]) {
    expect(await client.put(`${resource.resourceType}/${resource.id}`, resource)).toMatchObject({ status: 201 });
  }
});
afterAll(() => server.close());

function locations(body: Parameters): string[] {
  const stored = body.parameter?.find(({ name }) => name === 'stored')?.resource as Bundle | undefined;
  return (stored?.entry ?? []).map((entry) => (entry.response?.location ?? '').split('/').slice(-4, -2).join('/'));
}

test('a finished response is stored, with the observations that its form asks for, which name it', async () => {
  const { status, body } = await client.post<Parameters>('$process-response', response());
  expect(status).toBe(200);
  const [stored = '', observed = ''] = locations(body);
  expect((await client.get<QuestionnaireResponse>(stored)).body).toMatchObject({ item: response().item });
  expect((await client.get<Observation>(observed)).body).toMatchObject({
    resourceType: 'Observation',
    valueInteger: 4,
    derivedFrom: [{ reference: stored }],
  });
  expect(body.parameter?.some(({ name }) => name === 'warnings')).toBe(false);
});

test.each<[string, Partial<QuestionnaireResponse>]>([
  ['id', { id: 'again' }],
  ['identifier', { identifier: { system: 'https://sender.example.org/responses', value: '1' } }],
])('sent again by its %s it is received once, and what was extracted is not doubled', async (_, name) => {
  const first = await client.post<Parameters>('$process-response', response(name));
  const [stored = ''] = locations(first.body);
  const again = await client.post<Parameters>('$process-response', response(name));
  expect(again.status).toBe(200);
  expect(locations(again.body)).toEqual([stored]);
  expect(await client.search(`Observation?derived-from=${stored}`)).toHaveLength(1);
  expect(again.body.parameter?.[1]).toMatchObject({
    name: 'warnings',
    resource: { issue: [{ severity: 'information' }] },
  });
});

test('what was received unfinished is extracted from once it is finished', async () => {
  await client.post('$process-response', response({ id: 'later', status: 'in-progress' }));
  const { body } = await client.post<Parameters>('$process-response', response({ id: 'later' }));
  expect(locations(body).map((each) => each.split('/')[0])).toEqual(['QuestionnaireResponse', 'Observation']);
});

test('an unfinished one is stored, and nothing is extracted', async () => {
  const { status, body } = await client.post<Parameters>('$process-response', {
    resourceType: 'Parameters',
    parameter: [{ name: 'response', resource: response({ status: 'in-progress', id: 'unfinished' }) }],
  });
  expect(status).toBe(200);
  expect(locations(body)).toEqual(['QuestionnaireResponse/unfinished']);
});

test('a wrong one is refused by its form, and nothing of its Bundle is stored', async () => {
  const wrong = response({ id: 'wrong', item: [{ linkId: 'pain', answer: [{ valueString: 'a lot' }] }] });
  const bundle: Bundle = {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [{ resource: response({ id: 'right' }) }, { resource: wrong }],
  };
  const { status, body } = await client.post<OperationOutcome>('$process-response', bundle);
  expect(status).toBe(422);
  expect(JSON.stringify(body)).toContain('item[0].answer[0]');
  expect((await client.get('QuestionnaireResponse/right')).status).toBe(404);
});

test('where the extraction that the form asks for can not be carried out, the answers are kept, and it is told', async () => {
  const { status, body } = await client.post<Parameters>(
    '$process-response',
    response({ id: 'kept', questionnaire: `${url}-map` }),
  );
  expect(status).toBe(200);
  expect(locations(body)).toEqual(['QuestionnaireResponse/kept']);
  expect(body.parameter?.[1]).toMatchObject({
    name: 'warnings',
    resource: {
      issue: [
        { severity: 'warning', code: 'incomplete' },
        { severity: 'warning', code: 'not-supported' },
      ],
    },
  });
});

test('a Bundle of responses is stored as one', async () => {
  const bundle: Bundle = {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [
      { resource: response({ id: 'first' }) },
      { resource: response({ id: 'second', questionnaire: other.url ?? '' }) },
    ],
  };
  const { body } = await client.post<Parameters>('$process-response', bundle);
  expect(locations(body).filter((each) => each.startsWith('QuestionnaireResponse/'))).toEqual([
    'QuestionnaireResponse/first',
    'QuestionnaireResponse/second',
  ]);
  expect(locations(body).filter((each) => each.startsWith('Observation/'))).toHaveLength(1);
});

test('on one form, only responses to it are taken', async () => {
  expect((await client.post('Questionnaire/process/$process-response', response())).status).toBe(200);
  expect((await client.post('Questionnaire/process-other/$process-response', response())).status).toBe(422);
});

test('what is no response is refused', async () => {
  const bundle: Bundle = {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [{ resource: response() }, { resource: { resourceType: 'Patient' } }],
  };
  expect((await client.post('$process-response', bundle)).status).toBe(400);
  expect((await client.post('$process-response', { resourceType: 'Parameters', parameter: [] })).status).toBe(400);
  expect((await client.get('$process-response')).status).toBe(405);
});
