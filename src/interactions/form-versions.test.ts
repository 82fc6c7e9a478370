import type { OperationOutcome, Questionnaire, QuestionnaireResponse } from '@medplum/fhirtypes';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type TestServer, testServer } from '../../tests/kit/fhir-server.ts';
import { type Reply, type Rest, rest } from '../../tests/kit/rest.ts';

let server: TestServer;
let client: Rest;
let count = 0;
let url: string;

beforeAll(async () => {
  server = await testServer({ packages: false });
  client = rest(server.base);
});

afterAll(() => server.close());

beforeEach(() => {
  count += 1;
  url = `https://svar.example.org/fhir/Questionnaire/versions-${count}`;
});

const form = (more: Partial<Questionnaire> = {}): Questionnaire => ({
  resourceType: 'Questionnaire',
  url,
  version: '1',
  status: 'active',
  item: [{ linkId: 'pain', text: 'Pain', type: 'integer' }],
  ...more,
});
const decimal = { item: [{ linkId: 'pain', text: 'Pain', type: 'decimal' as const }] };

async function stored(more: Partial<Questionnaire> = {}): Promise<Questionnaire> {
  const { status, body } = await client.post<Questionnaire>('Questionnaire', form(more));
  expect(status).toBe(201);
  return body;
}

const answer = (questionnaire = `${url}|1`): QuestionnaireResponse => ({
  resourceType: 'QuestionnaireResponse',
  questionnaire,
  status: 'in-progress',
  authored: '2026-01-01T10:00:00Z',
  item: [{ linkId: 'pain', answer: [{ valueInteger: 3 }] }],
});

const put = (resource: Questionnaire) => client.put(`Questionnaire/${resource.id}`, resource);

const told = ({ status, body }: Reply<unknown>): string =>
  [status, ...((body as OperationOutcome).issue ?? []).map((issue) => issue.diagnostics)].join(' ');

describe('a version of a form', () => {
  test('is stored once, also when two come at the same time', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => client.post('Questionnaire', form())));
    expect(answers.map((one) => one.status).sort()).toEqual([201, 422, 422]);
    expect((await client.post('Questionnaire', form({ version: '2' }))).status).toBe(201);
    expect(told(await client.post('Questionnaire', form({ version: '2' })))).toContain(
      'of version 2 is stored already',
    );
  });

  test('may be changed as long as nobody has answered', async () => {
    expect((await put({ ...(await stored()), ...decimal })).status).toBe(200);
  });

  test('with responses keeps its substance, and may change its looks', async () => {
    const one = await stored();
    expect((await client.post('QuestionnaireResponse', answer())).status).toBe(201);
    const refused = told(await put({ ...one, ...decimal }));
    expect(refused).toContain("422 Responses to this version are stored: in item 'pain', type may not be changed");
    expect((await put({ ...one, title: 'Pain', status: 'retired' })).status).toBe(200);
    expect(told(await put({ ...one, version: '2' }))).toContain('Store the new version beside it');
    expect(told(await client.send('DELETE', `Questionnaire/${one.id}`))).toContain('409');
    expect((await client.get<Questionnaire>(`Questionnaire/${one.id}`)).body.item?.[0]?.type).toBe('integer');
  });

  test('is not held by responses to another version, but by those that name none', async () => {
    const one = await stored();
    const two = await stored({ version: '2' });
    await client.post('QuestionnaireResponse', answer(`${url}|2`));
    expect((await put({ ...one, ...decimal })).status).toBe(200);
    await put({ ...one, status: 'draft' });
    await client.post('QuestionnaireResponse', answer(url));
    expect(told(await put({ ...one, ...decimal }))).toContain('422');
    expect(told(await put({ ...two, ...decimal }))).toContain('422');
  });

  test('and a response to it that come at the same time fit each other', async () => {
    for (let round = 0; round < 10; round += 1) {
      url = `https://svar.example.org/fhir/Questionnaire/race-${round}`;
      const one = await stored();
      const [changed, answered] = await Promise.all([
        put({ ...one, ...decimal }),
        client.post('QuestionnaireResponse', answer()),
      ]);
      expect([changed.status, answered.status]).toEqual(changed.status === 200 ? [200, 422] : [422, 201]);
    }
  });

  test('that could not be answered rightly is refused', async () => {
    const item = [{ linkId: 'a', type: 'integer' as const, code: [{ system: 'http://loinc.org', code: '71951-1' }] }];
    const refused = told(await client.post('Questionnaire', form({ item })));
    expect(refused).toMatch(/^422 .*check digit/);
    expect(told(await client.post('Questionnaire', form({ item: [...decimal.item, ...decimal.item] })))).toMatch(
      /^422/,
    );
  });
});
